-- take_requests --
-- Takes some requests of a minute; of a process whose clock is behind they count as the later's.
INSERT INTO throttles (workspace_id, minute, taken) VALUES ($1, $2, $3)
ON CONFLICT (workspace_id) DO UPDATE
   SET taken = CASE WHEN throttles.minute < excluded.minute THEN excluded.taken
                    ELSE throttles.taken + excluded.taken END,
       minute = GREATEST(throttles.minute, excluded.minute)
RETURNING taken;

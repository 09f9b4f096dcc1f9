-- Who was forgotten, as keyed hashes that only the sealing key can make again.

-- add_suppressions --
-- Marks of a customer who was just forgotten.
INSERT INTO suppressions (workspace_id, mark, at)
SELECT $1, n.mark, $3 FROM unnest($2::text[]) AS n (mark)
ON CONFLICT DO NOTHING;

-- find_suppressions --
-- Which of these marks belong to somebody who was forgotten.
SELECT mark FROM suppressions WHERE workspace_id = $1 AND mark = ANY($2::text[]);

-- drop_suppressions --
-- Takes marks away: their customer may come back.
DELETE FROM suppressions WHERE workspace_id = $1 AND mark = ANY($2::text[]) RETURNING mark;

-- What is left of a customer in places that it does not own.

-- count_owned --
-- How much there is of one customer, by table; exact while it is locked alone.
SELECT (SELECT count(*) FROM events WHERE workspace_id = $1 AND customer_id = $2) AS events,
       (SELECT count(*) FROM sessions WHERE workspace_id = $1 AND customer_id = $2) AS sessions,
       (SELECT count(*) FROM identifiers WHERE workspace_id = $1 AND customer_id = $2)
           AS identifiers,
       (SELECT count(*) FROM history WHERE workspace_id = $1 AND customer_id = $2) AS history,
       (SELECT count(*) FROM customer_rollups WHERE workspace_id = $1 AND customer_id = $2)
           AS customer_rollups;

-- delete_retry_keys --
-- What was done for the customer, or recorded of it, under keys of callers.
DELETE FROM idempotency_keys
 WHERE workspace_id = $1
   AND (entity_id = $2
        OR entity_id IN (SELECT event_id FROM events
                          WHERE events.workspace_id = $1 AND events.customer_id = $2))
RETURNING key;

-- take_unowned_events --
-- Events that came under an external id before there was a customer with it.
DELETE FROM events
 WHERE workspace_id = $1 AND node_id = $2 AND bring_back_by = 'EXTERNAL_ID'
   AND bring_back = ANY($3::text[]) AND customer_id = '00000000-0000-0000-0000-000000000000'
RETURNING event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
          updated_at, version, properties, details, bring_back_by, bring_back, source_id;

-- list_telling_batches --
-- Batches of jobs whose notes are about the customer, or quote one of its values.
SELECT job_id, batch, first_row, entity_ids, problems
  FROM job_batches
 WHERE workspace_id = $1 AND problems <> '[]'::jsonb
   AND ($2 = ANY(entity_ids)
        OR EXISTS (SELECT 1 FROM unnest($3::text[]) AS v (value)
                    WHERE strpos(lower(problems::text), v.value) > 0))
   FOR UPDATE;

-- note_problems --
-- The notes of a batch, without what they quoted.
UPDATE job_batches
   SET problems = $4::jsonb
 WHERE workspace_id = $1 AND job_id = $2 AND batch = $3;

-- clear_job_errors --
-- Reasons why a job failed, where they quote one of the values.
UPDATE jobs
   SET error = $3
 WHERE workspace_id = $1
   AND EXISTS (SELECT 1 FROM unnest($2::text[]) AS v (value)
                WHERE strpos(lower(error), v.value) > 0)
RETURNING job_id;

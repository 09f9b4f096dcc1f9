-- lock_customers_alone --
-- Several customers, locked against everything, in the order of their ids.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head
  FROM customers
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND deleted_at IS NULL
 ORDER BY customer_id
   FOR UPDATE;

-- customers_with_events --
-- Which of these customers did something.
SELECT DISTINCT customer_id
  FROM events
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

-- customers_with_sessions --
-- Which of these customers were recognised on a site.
SELECT DISTINCT customer_id
  FROM sessions
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

-- events_of_job --
-- Which of these events a job recorded; one of the same id may have come again since.
SELECT event_id
  FROM events
 WHERE workspace_id = $1 AND event_id = ANY($2::uuid[]) AND month = ANY($3::date[])
   AND job_id = $4;

-- newest_writers --
-- Through which job each of these customers got its present version, null for none.
SELECT DISTINCT ON (customer_id) customer_id, job_id
  FROM history
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[])
 ORDER BY customer_id, version DESC;

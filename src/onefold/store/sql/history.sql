-- append_history --
-- One entry for each version of each customer.
INSERT INTO history (workspace_id, customer_id, version, at, operation, actor_kind, actor_id,
                     job_id, cause, changes)
SELECT $1, n.customer_id, n.version, n.at, n.operation, $2, $3, $4, n.cause::jsonb,
       n.changes::jsonb
  FROM unnest($5::uuid[], $6::integer[], $7::timestamptz[], $8::text[], $9::text[], $10::text[])
       AS n (customer_id, version, at, operation, cause, changes);

-- list_history --
-- The versions of one customer after a version, oldest first.
SELECT customer_id, version, at, operation, actor_kind, actor_id, job_id, cause, changes
  FROM history
 WHERE workspace_id = $1 AND customer_id = $2 AND version > $3
 ORDER BY version
 LIMIT $4;

-- list_history_of_job --
-- What a job did to these customers, newest version first.
SELECT customer_id, version, at, operation, actor_kind, actor_id, job_id, cause, changes
  FROM history
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND job_id = $3
 ORDER BY customer_id, version DESC;

-- delete_history --
-- Forgets every version of one customer.
DELETE FROM history WHERE workspace_id = $1 AND customer_id = $2;

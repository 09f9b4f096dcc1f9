-- insert_job --
-- New work; no row comes back when the same is unfinished already.
INSERT INTO jobs (workspace_id, job_id, kind, state, node_id, fingerprint, payload, progress,
                  attempts, run_at, created_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, '{}'::jsonb, 0, $8, $8, $9)
ON CONFLICT DO NOTHING
RETURNING job_id;

-- find_job --
-- One job.
SELECT job_id, kind, state, node_id, fingerprint, payload, progress, attempts, run_at, created_at,
       created_by, started_at, finished_at, leased_by, leased_until, error
  FROM jobs
 WHERE workspace_id = $1 AND job_id = $2;

-- find_latest_job --
-- The newest job for the same work.
SELECT job_id, kind, state, node_id, fingerprint, payload, progress, attempts, run_at, created_at,
       created_by, started_at, finished_at, leased_by, leased_until, error
  FROM jobs
 WHERE workspace_id = $1 AND kind = $2 AND fingerprint = $3
 ORDER BY created_at DESC, job_id DESC
 LIMIT 1;

-- finished_jobs --
-- Jobs that have done the same work before, newest first.
SELECT job_id
  FROM jobs
 WHERE workspace_id = $1 AND kind = $2 AND fingerprint = $3 AND state = 'DONE'
 ORDER BY created_at DESC, job_id DESC
 LIMIT $4;

-- list_jobs --
-- Jobs, newest first; null does not restrict.
SELECT job_id, kind, state, node_id, fingerprint, payload, progress, attempts, run_at, created_at,
       created_by, started_at, finished_at, leased_by, leased_until, error
  FROM jobs
 WHERE workspace_id = $1 AND ($2::text IS NULL OR kind = $2)
   AND ($3::uuid IS NULL OR node_id = $3) AND ($4::text[] IS NULL OR state = ANY($4))
 ORDER BY created_at DESC, job_id DESC
OFFSET $5 LIMIT $6;

-- count_jobs --
-- How many jobs a list would show in all.
SELECT count(*)
  FROM jobs
 WHERE workspace_id = $1 AND ($2::text IS NULL OR kind = $2)
   AND ($3::uuid IS NULL OR node_id = $3) AND ($4::text[] IS NULL OR state = ANY($4));

-- take_job --
-- Gives a job that nobody is at work on to a holder; those named last are known to be dead.
UPDATE jobs
   SET state = $4, attempts = attempts + 1, started_at = COALESCE(started_at, $6),
       finished_at = NULL, leased_by = $5, leased_until = $7, error = NULL
 WHERE workspace_id = $1 AND job_id = $2 AND state = ANY($3::text[])
   AND (leased_until IS NULL OR leased_until <= $6 OR leased_by = ANY($8::text[]))
RETURNING job_id, kind, state, node_id, fingerprint, payload, progress, attempts, run_at,
          created_at, created_by, started_at, finished_at, leased_by, leased_until, error;

-- renew_job --
-- A sign of life with what was done; no row when another holder has taken the job over.
UPDATE jobs
   SET progress = $4::jsonb, leased_until = $5
 WHERE workspace_id = $1 AND job_id = $2 AND attempts = $3
RETURNING job_id;

-- finish_job --
-- The end of this holder's work, good or bad.
UPDATE jobs
   SET state = $4, finished_at = $5, error = $6, leased_by = NULL, leased_until = NULL
 WHERE workspace_id = $1 AND job_id = $2 AND attempts = $3
RETURNING job_id;

-- release_job --
-- Gives the lease up before the work is done, so that whoever comes next need not wait.
UPDATE jobs
   SET leased_by = NULL, leased_until = NULL
 WHERE workspace_id = $1 AND job_id = $2 AND attempts = $3;

-- workspaces_with_due_jobs --
-- across workspaces: a worker asks where there is something to do, then takes it in one of them
SELECT DISTINCT workspace_id
  FROM jobs
 WHERE run_at <= $1 AND kind = ANY($2::text[])
   AND (state = 'LOADED' OR (state = 'RUNNING' AND leased_until <= $1));

-- pick_due_job --
-- The job that has waited longest, locked; what other workers are just looking at is passed over.
SELECT job_id
  FROM jobs
 WHERE workspace_id = $1 AND run_at <= $2 AND kind = ANY($3::text[])
   AND (state = 'LOADED' OR (state = 'RUNNING' AND leased_until <= $2))
 ORDER BY run_at, job_id
 LIMIT 1
   FOR UPDATE SKIP LOCKED;

-- insert_batch --
-- What a batch did, in the transaction that did it.
INSERT INTO job_batches (workspace_id, job_id, batch, rows_done, position, first_row, outcomes,
                         entity_ids, problems, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10);

-- list_batches --
-- Batches after a number, in the order of the file.
SELECT batch, first_row, rows_done, position, outcomes, entity_ids, problems, at
  FROM job_batches
 WHERE workspace_id = $1 AND job_id = $2 AND batch > $3
 ORDER BY batch
 LIMIT $4;

-- find_batch --
-- One batch.
SELECT batch, first_row, rows_done, position, outcomes, entity_ids, problems, at
  FROM job_batches
 WHERE workspace_id = $1 AND job_id = $2 AND batch = $3;

-- batches_of_rows --
-- The batches that some rows of the file were in.
SELECT batch, first_row, rows_done, position, outcomes, entity_ids, problems, at
  FROM job_batches
 WHERE workspace_id = $1 AND job_id = $2 AND first_row <= $4 AND rows_done >= $3
 ORDER BY batch;

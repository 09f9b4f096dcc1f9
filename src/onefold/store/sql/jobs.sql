-- insert_job --
-- New work; no row comes back when the same is unfinished already.
INSERT INTO jobs (workspace_id, job_id, kind, state, node_id, fingerprint, payload, progress,
                  attempts, tries, run_at, created_at, updated_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, '{}'::jsonb, 0, 0, $8, $8, $8, $9)
ON CONFLICT DO NOTHING
RETURNING job_id;

-- find_job --
-- One job.
SELECT job_id, kind, state, node_id, fingerprint, payload, progress, attempts, run_at, created_at,
       created_by, started_at, finished_at, leased_by, leased_until, error, tries, updated_at
  FROM jobs
 WHERE workspace_id = $1 AND job_id = $2;

-- find_latest_job --
-- The newest job for the same work.
SELECT job_id, kind, state, node_id, fingerprint, payload, progress, attempts, run_at, created_at,
       created_by, started_at, finished_at, leased_by, leased_until, error, tries, updated_at
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
-- Jobs, newest first or the other way round; null does not restrict.
SELECT job_id, kind, state, node_id, fingerprint, payload, progress, attempts, run_at, created_at,
       created_by, started_at, finished_at, leased_by, leased_until, error, tries, updated_at
  FROM jobs
 WHERE workspace_id = $1 AND ($2::text IS NULL OR kind = $2)
   AND ($3::uuid IS NULL OR node_id = $3) AND ($4::text[] IS NULL OR state = ANY($4))
   AND ($5::boolean IS NULL OR (started_at IS NOT NULL) = $5)
   AND ($6::text IS NULL OR payload ->> 'entity' = $6)
 ORDER BY CASE WHEN $7::boolean THEN created_at END, CASE WHEN $7 THEN job_id END,
          created_at DESC, job_id DESC
OFFSET $8 LIMIT $9;

-- count_jobs --
-- How many jobs a list would show in all.
SELECT count(*)
  FROM jobs
 WHERE workspace_id = $1 AND ($2::text IS NULL OR kind = $2)
   AND ($3::uuid IS NULL OR node_id = $3) AND ($4::text[] IS NULL OR state = ANY($4))
   AND ($5::boolean IS NULL OR (started_at IS NOT NULL) = $5)
   AND ($6::text IS NULL OR payload ->> 'entity' = $6);

-- take_job --
-- Gives a job that nobody is at work on to a holder; those named last are known to be dead.
UPDATE jobs
   SET state = $4, attempts = attempts + 1, tries = tries + 1,
       started_at = COALESCE(started_at, $6), updated_at = $6, finished_at = NULL,
       leased_by = $5, leased_until = $7, error = NULL
 WHERE workspace_id = $1 AND job_id = $2 AND state = ANY($3::text[])
   AND (leased_until IS NULL OR leased_until <= $6 OR leased_by = ANY($8::text[]))
RETURNING job_id, kind, state, node_id, fingerprint, payload, progress, attempts, run_at,
          created_at, created_by, started_at, finished_at, leased_by, leased_until, error, tries,
          updated_at;

-- renew_job --
-- What was done, and a sign of life; no row when another holder has taken the job over.
UPDATE jobs
   SET progress = $4::jsonb, leased_until = $5, updated_at = $6, tries = 0
 WHERE workspace_id = $1 AND job_id = $2 AND attempts = $3
RETURNING job_id;

-- finish_job --
-- The end of this holder's work, good or bad.
UPDATE jobs
   SET state = $4, finished_at = $5, updated_at = $5, error = $6, leased_by = NULL,
       leased_until = NULL
 WHERE workspace_id = $1 AND job_id = $2 AND attempts = $3
RETURNING job_id;

-- keep_job --
-- A sign of life alone; no row when another holder has taken the job over.
UPDATE jobs
   SET leased_until = $4
 WHERE workspace_id = $1 AND job_id = $2 AND attempts = $3 AND leased_by IS NOT NULL
RETURNING job_id;

-- release_job --
-- Gives the lease up before the work is done, so that whoever comes next need not wait.
UPDATE jobs
   SET leased_by = NULL, leased_until = NULL
 WHERE workspace_id = $1 AND job_id = $2 AND attempts = $3;

-- postpone_job --
-- Gives the lease up and says when a worker should go on.
UPDATE jobs
   SET state = 'LOADED', run_at = $4, tries = $5, updated_at = $6, leased_by = NULL,
       leased_until = NULL
 WHERE workspace_id = $1 AND job_id = $2 AND attempts = $3;

-- list_open_work --
-- across workspaces: a worker asks where there is something to do, then takes it in one of them;
-- of what is held it looks whether the holder is still there
SELECT DISTINCT jobs.workspace_id, kind, leased_by, leased_until
  FROM jobs
  JOIN workspaces ON workspaces.workspace_id = jobs.workspace_id
 WHERE state IN ('LOADED', 'RUNNING') AND run_at <= $1 AND kind = ANY($2::text[])
   AND (state = 'LOADED' OR leased_by IS NOT NULL) AND workspaces.status = 'ENABLED';

-- pick_due_job --
-- The job that has waited longest, locked; what other workers are just looking at is passed over.
-- The jobs of one kind in one node come one after another, in the order in which they were made.
SELECT job_id
  FROM jobs
 WHERE workspace_id = $1 AND run_at <= $2 AND kind = ANY($3::text[])
   AND (state = 'LOADED'
        OR (state = 'RUNNING' AND (leased_until <= $2 OR leased_by = ANY($4::text[]))))
   AND NOT EXISTS (SELECT 1 FROM jobs AS earlier
                    WHERE earlier.workspace_id = $1 AND earlier.kind = jobs.kind
                      AND earlier.node_id = jobs.node_id AND earlier.job_id < jobs.job_id
                      AND earlier.state IN ('LOADED', 'RUNNING'))
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

-- lock_node_for_jobs --
-- One at a time decides how many jobs may wait in a node.
SELECT node_id FROM nodes WHERE workspace_id = $1 AND node_id = $2 FOR NO KEY UPDATE;

-- expire_jobs --
-- Forgets jobs of a kind that came to their end long ago.
DELETE FROM jobs
 WHERE workspace_id = $1 AND kind = $2 AND finished_at < $3
RETURNING job_id;

-- delete_batches --
-- What jobs that are forgotten have noted.
DELETE FROM job_batches WHERE workspace_id = $1 AND job_id = ANY($2::uuid[]);

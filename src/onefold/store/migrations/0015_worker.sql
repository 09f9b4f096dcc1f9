-- What a worker needs besides a lease: how often a job was taken since it last got on, and when
-- something was last heard of it.
ALTER TABLE jobs
    ADD COLUMN tries      integer NOT NULL DEFAULT 0,
    ADD COLUMN updated_at timestamptz;

-- Workers look here twice a second, so only what is not finished is in it.
CREATE INDEX jobs_open ON jobs (workspace_id, kind, run_at)
 WHERE state IN ('LOADED', 'RUNNING');

-- Rule 12: rows are locked inside one workspace only.

-- kept_skip_locked --
SELECT kind FROM jobs WHERE workspace_id = $1 FOR UPDATE SKIP LOCKED;

-- kept_with_a_join --
SELECT n.kind FROM nodes n JOIN jobs j ON j.workspace_id = n.workspace_id
 WHERE n.workspace_id = $1 FOR UPDATE OF n;

-- kept_global_table --
SELECT version FROM schema_migrations FOR UPDATE;

-- kept_in_a_sub_select --
UPDATE jobs SET state = 'taken'
 WHERE workspace_id = $1
   AND job_id = ANY(ARRAY(SELECT job_id FROM jobs WHERE workspace_id = $1
                           LIMIT $2 FOR UPDATE SKIP LOCKED));

-- broken_no_workspace --
SELECT kind FROM jobs WHERE run_at <= $1 FOR UPDATE SKIP LOCKED;

-- broken_array_of_workspaces --
SELECT kind FROM jobs WHERE workspace_id = ANY($1) FOR UPDATE;

-- broken_report --
-- across workspaces: no excuse for a lock
SELECT kind FROM jobs FOR SHARE;

-- broken_tied_from_outside_only --
UPDATE jobs j SET state = 'taken'
 WHERE workspace_id = $1
   AND EXISTS (SELECT 1 FROM jobs i WHERE i.workspace_id = j.workspace_id FOR UPDATE);

-- broken_in_a_cte --
WITH due AS (SELECT job_id FROM jobs LIMIT 5 FOR UPDATE)
DELETE FROM jobs WHERE workspace_id = $1 AND job_id IN (SELECT job_id FROM due);

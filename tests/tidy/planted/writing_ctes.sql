-- Rule 11: no statement writes inside another.

-- kept_reading_cte --
WITH due AS (SELECT job_id FROM jobs WHERE workspace_id = $1)
DELETE FROM jobs WHERE workspace_id = $1 AND job_id IN (SELECT job_id FROM due);

-- broken_insert --
WITH done AS (INSERT INTO nodes (workspace_id) VALUES ($1) RETURNING workspace_id)
SELECT workspace_id FROM done;

-- broken_update --
WITH taken AS (UPDATE numbers SET last = last + 1 WHERE workspace_id = $1 RETURNING last)
INSERT INTO customers (workspace_id, number) SELECT $1, last FROM taken;

-- broken_delete_two_levels_down --
SELECT a FROM (WITH gone AS (DELETE FROM jobs WHERE workspace_id = $1 RETURNING a)
               SELECT a FROM gone) s;

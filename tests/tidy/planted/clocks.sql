-- Rule 9: times, ids and chance come from Python, as parameters.

-- kept_parameter --
UPDATE jobs SET run_at = $2, attempts = attempts + 1 WHERE workspace_id = $1;

-- kept_immutable --
SELECT lower(name), date_trunc('month', $2::date) FROM nodes WHERE workspace_id = $1;

-- broken_now --
SELECT name FROM nodes WHERE workspace_id = $1 AND created_at < now();

-- broken_qualified_now --
UPDATE nodes SET updated_at = pg_catalog.now() WHERE workspace_id = $1;

-- broken_current_timestamp --
INSERT INTO nodes (workspace_id, created_at) VALUES ($1, CURRENT_TIMESTAMP);

-- broken_current_date --
SELECT name FROM nodes WHERE workspace_id = $1 AND day = CURRENT_DATE;

-- broken_do_update --
INSERT INTO nodes (workspace_id) VALUES ($1)
    ON CONFLICT (workspace_id) DO UPDATE SET updated_at = clock_timestamp();

-- broken_uuid --
INSERT INTO nodes (workspace_id, node_id) VALUES ($1, gen_random_uuid());

-- broken_chance --
SELECT name FROM nodes WHERE workspace_id = $1 ORDER BY random();

-- broken_sequence --
INSERT INTO nodes (workspace_id, number) VALUES ($1, nextval('numbers'));

-- broken_now_in_a_string --
SELECT name FROM nodes WHERE workspace_id = $1 AND created_at < 'now'::timestamptz;

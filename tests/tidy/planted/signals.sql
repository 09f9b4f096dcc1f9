-- Rule 14: locks are rows; NOTIFY only wakes.

-- kept_wake --
-- wakes only: workers poll, this spares them the wait
SELECT pg_notify('jobs', $1);

-- broken_wake_without_a_reason --
SELECT pg_notify('jobs', $1);

-- broken_notify --
-- wakes only: a statement cannot take its payload as a parameter
NOTIFY jobs;

-- broken_listen --
LISTEN jobs;

-- broken_advisory_lock --
SELECT pg_advisory_xact_lock($1);

-- broken_tried_advisory_lock --
SELECT name FROM nodes WHERE workspace_id = $1 AND pg_try_advisory_lock(hashtext(name));

-- broken_table_lock --
LOCK TABLE nodes IN EXCLUSIVE MODE;

-- find_partition --
-- across workspaces: a month's partition holds everybody's events; null when there is none
SELECT to_regclass($1);

-- has_events_by_default --
-- across workspaces: whether events of a month lie in the default partition already
SELECT EXISTS (SELECT 1 FROM events_default WHERE month = $1);

-- schema_version --
-- The newest migration that was applied.
SELECT max(version) FROM schema_migrations;

-- setting --
-- A setting of the server, null when there is none by that name.
SELECT current_setting($1, TRUE);

-- count_loose_links --
-- Customers linked to a person where one of the two is gone; there must be none.
SELECT count(*)
  FROM person_links AS l
  LEFT JOIN customers AS c
    ON c.workspace_id = l.workspace_id AND c.customer_id = l.customer_id
   AND c.deleted_at IS NULL
  LEFT JOIN customers AS p
    ON p.workspace_id = l.workspace_id AND p.customer_id = l.person_id AND p.deleted_at IS NULL
 WHERE l.workspace_id = $1 AND (c.customer_id IS NULL OR p.customer_id IS NULL);

-- count_left_jobs --
-- Jobs that were under way and that nobody is at work on.
SELECT count(*)
  FROM jobs
 WHERE workspace_id = $1 AND state IN ('RUNNING', 'REVERTING')
   AND (leased_until IS NULL OR leased_until < $2);

-- count_failed_jobs --
-- Jobs that were given up.
SELECT count(*) FROM jobs WHERE workspace_id = $1 AND state = 'FAILED';

-- count_stream_gaps --
-- Positions that were given and have no entry.
SELECT lanes.last - count(updates.position)
  FROM lanes
  LEFT JOIN updates
    ON updates.workspace_id = lanes.workspace_id AND updates.lane = lanes.lane
 WHERE lanes.workspace_id = $1 AND lanes.lane = $2
 GROUP BY lanes.last;

-- schema_version --
-- The newest migration that was applied.
SELECT max(version) FROM schema_migrations;

-- setting --
-- A setting of the server, null when there is none by that name.
SELECT current_setting($1, TRUE);

-- count_stream_gaps --
-- Positions that were given and have no entry.
SELECT lanes.last - count(updates.position)
  FROM lanes
  LEFT JOIN updates
    ON updates.workspace_id = lanes.workspace_id AND updates.lane = lanes.lane
 WHERE lanes.workspace_id = $1 AND lanes.lane = $2
 GROUP BY lanes.last;

-- Rule 16: the stream's position is taken from the workspace's lane row and from nowhere else.

-- kept_take --
UPDATE lanes SET last = last + $3, last_at = $4
 WHERE workspace_id = $1 AND lane = $2 RETURNING last;

-- kept_take_with_cast --
UPDATE lanes AS l SET last = l.last + $3::bigint WHERE workspace_id = $1 AND lane = $2
RETURNING l.last;

-- kept_read --
SELECT last FROM lanes WHERE workspace_id = $1 AND lane = $2;

-- kept_first_row --
INSERT INTO lanes (workspace_id, lane, last) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING;

-- kept_another_table --
UPDATE numbers SET last = $2 WHERE workspace_id = $1;

-- broken_set --
UPDATE lanes SET last = $3 WHERE workspace_id = $1 AND lane = $2 RETURNING last;

-- broken_back --
UPDATE lanes SET last = last - $3 WHERE workspace_id = $1 AND lane = $2 RETURNING last;

-- broken_blind --
UPDATE lanes SET last = last + $3 WHERE workspace_id = $1 AND lane = $2;

-- broken_from_a_query --
UPDATE lanes SET last = last + (SELECT count(*) FROM updates WHERE workspace_id = $1)
 WHERE workspace_id = $1 RETURNING last;

-- broken_start --
INSERT INTO lanes (workspace_id, lane, last) VALUES ($1, $2, $3);

-- broken_upsert --
INSERT INTO lanes (workspace_id, lane, last) VALUES ($1, $2, 0)
    ON CONFLICT (workspace_id, lane) DO UPDATE SET last = lanes.last + $3 RETURNING last;

-- broken_delete --
DELETE FROM lanes WHERE workspace_id = $1;

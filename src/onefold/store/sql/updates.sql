-- take_positions --
-- The next $3 positions of a lane. The row stays locked until commit, so that positions are given
-- in the order of commits; the time never runs backwards.
UPDATE lanes
   SET last = last + $3::bigint, last_at = GREATEST(last_at, $4::timestamptz)
 WHERE workspace_id = $1 AND lane = $2
RETURNING last, last_at;

-- append_updates --
-- Entries at the positions just taken.
INSERT INTO updates (workspace_id, lane, position, at, entity, operation, entity_id, node_id,
                     customer_id, version)
SELECT $1, $2, n.position, $3, n.entity, n.operation, n.entity_id, n.node_id, n.customer_id,
       n.version
  FROM unnest($4::bigint[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[],
              $10::integer[])
       AS n (position, entity, operation, entity_id, node_id, customer_id, version);

-- read_updates --
-- Entries after a position, oldest first; null does not restrict.
SELECT position, at, entity, operation, entity_id, node_id, customer_id, version
  FROM updates
 WHERE workspace_id = $1 AND lane = $2 AND position > $3
   AND ($4::uuid IS NULL OR node_id = $4) AND ($5::text IS NULL OR entity = $5)
   AND ($6::uuid[] IS NULL OR node_id = ANY($6))
 ORDER BY position
 LIMIT $7;

-- last_position --
-- The newest entry that a reader would get.
SELECT position
  FROM updates
 WHERE workspace_id = $1 AND lane = $2
   AND ($3::uuid IS NULL OR node_id = $3) AND ($4::text IS NULL OR entity = $4)
   AND ($5::uuid[] IS NULL OR node_id = ANY($5))
 ORDER BY position DESC
 LIMIT 1;

-- time_of_position --
-- When the first entry at or after a position was made; times never run backwards.
SELECT position, at
  FROM updates
 WHERE workspace_id = $1 AND lane = $2 AND position >= $3
 ORDER BY position
 LIMIT 1;

-- end_of_lane --
-- The position that was given last.
SELECT last FROM lanes WHERE workspace_id = $1 AND lane = $2;

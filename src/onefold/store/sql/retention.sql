-- read_retention --
-- Everything that was decided in a workspace; the nil UUID stands for the workspace itself.
SELECT node_id, enabled, months FROM retention WHERE workspace_id = $1;

-- save_retention --
-- What was decided for one node, or for the workspace.
INSERT INTO retention (workspace_id, node_id, enabled, months, updated_at)
VALUES ($1, $2, $3, $4::jsonb, $5)
ON CONFLICT (workspace_id, node_id) DO UPDATE
   SET enabled = excluded.enabled, months = excluded.months, updated_at = excluded.updated_at;

-- count_stock --
-- Events by node and type: how many there are, how many are due, and the first day with any.
SELECT days.node_id, days.type, sum(days.events)::bigint AS total,
       COALESCE(sum(days.events) FILTER (WHERE days.day < days.due_before), 0)::bigint AS expired,
       min(days.day) AS oldest
  FROM (SELECT r.workspace_id, r.node_id, r.type, r.day, n.due_before, sum(r.events) AS events
          FROM event_rollups AS r
          JOIN unnest($2::uuid[], $3::text[], $4::date[]) AS n (node_id, type, due_before)
            ON n.node_id = r.node_id AND n.type = r.type
         WHERE r.workspace_id = $1
         GROUP BY r.workspace_id, r.node_id, r.type, r.day, n.due_before
        HAVING sum(r.events) <> 0) AS days
 WHERE days.workspace_id = $1
 GROUP BY days.node_id, days.type;

-- list_due_days --
-- Days with due events by node, oldest first.
SELECT days.day, days.node_id, array_agg(days.type ORDER BY days.type) AS types
  FROM (SELECT r.workspace_id, r.day, r.node_id, r.type
          FROM event_rollups AS r
          JOIN unnest($2::uuid[], $3::text[], $4::date[]) AS n (node_id, type, due_before)
            ON n.node_id = r.node_id AND n.type = r.type AND r.day < n.due_before
         WHERE r.workspace_id = $1
         GROUP BY r.workspace_id, r.day, r.node_id, r.type
        HAVING sum(r.events) > 0) AS days
 WHERE days.workspace_id = $1
 GROUP BY days.day, days.node_id
 ORDER BY days.day, days.node_id;

-- take_due_ids --
-- Due events of one node and day, found by the time that their ids start with; what somebody else
-- is at work on is passed over.
SELECT event_id
  FROM events
 WHERE workspace_id = $1 AND node_id = $2 AND type = ANY($3::text[])
   AND occurred_at >= $4 AND occurred_at < $5
   AND event_id > $6 AND event_id < $7 AND month = ANY($8::date[])
 ORDER BY event_id
 LIMIT $9
   FOR UPDATE SKIP LOCKED;

-- take_strayed_ids --
-- Due events of one node whose date is not the one that their id starts with, wherever they are;
-- each type with the moment before which its events are due.
SELECT e.event_id
  FROM events AS e
  JOIN unnest($3::text[], $4::timestamptz[]) AS n (type, due_before)
    ON n.type = e.type AND e.occurred_at < n.due_before
 WHERE e.workspace_id = $1 AND e.node_id = $2 AND e.event_id > $5
 ORDER BY e.event_id
 LIMIT $6
   FOR UPDATE OF e SKIP LOCKED;

-- add_event_counts --
-- Adds to the counters of this writer's slot.
INSERT INTO event_rollups (workspace_id, day, node_id, type, context, currency, slot, events,
                           amount)
SELECT $1, n.day, n.node_id, n.type, n.context, n.currency, $2, n.events, n.amount
  FROM unnest($3::date[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[],
              $9::numeric[])
       AS n (day, node_id, type, context, currency, events, amount)
ON CONFLICT (workspace_id, day, node_id, type, context, currency, slot) DO UPDATE
   SET events = event_rollups.events + excluded.events,
       amount = event_rollups.amount + excluded.amount;

-- add_customer_counts --
-- Adds to what each customer did.
INSERT INTO customer_rollups (workspace_id, customer_id, type, currency, events, amount, first_at,
                              last_at)
SELECT $1, n.customer_id, n.type, n.currency, n.events, n.amount, n.first_at, n.last_at
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::numeric[],
              $7::timestamptz[], $8::timestamptz[])
       AS n (customer_id, type, currency, events, amount, first_at, last_at)
ON CONFLICT (workspace_id, customer_id, type, currency) DO UPDATE
   SET events = customer_rollups.events + excluded.events,
       amount = customer_rollups.amount + excluded.amount,
       first_at = LEAST(customer_rollups.first_at, excluded.first_at),
       last_at = GREATEST(customer_rollups.last_at, excluded.last_at);

-- delete_customer_counts --
-- Forgets what one customer did.
DELETE FROM customer_rollups WHERE workspace_id = $1 AND customer_id = $2;

-- delete_customer_type --
-- Forgets what one customer did of one type, before it is counted again.
DELETE FROM customer_rollups WHERE workspace_id = $1 AND customer_id = $2 AND type = $3;

-- add_node_counts --
-- Adds customers that came and went to the counters of this writer's slot.
INSERT INTO node_rollups (workspace_id, day, node_id, slot, added, removed)
SELECT $1, n.day, n.node_id, $2, n.added, n.removed
  FROM unnest($3::date[], $4::uuid[], $5::bigint[], $6::bigint[])
       AS n (day, node_id, added, removed)
ON CONFLICT (workspace_id, day, node_id, slot) DO UPDATE
   SET added = node_rollups.added + excluded.added,
       removed = node_rollups.removed + excluded.removed;

-- read_event_counts --
-- Counts and money by day and type; null does not restrict.
SELECT day, type, sum(events)::bigint AS events
  FROM event_rollups
 WHERE workspace_id = $1 AND day >= $2 AND day <= $3 AND ($4::uuid IS NULL OR node_id = $4)
 GROUP BY day, type
HAVING sum(events) <> 0
 ORDER BY day, type;

-- all_event_counts --
-- Every counter with its slots added up, to be held against a recount.
SELECT day, node_id, type, context, currency, sum(events)::bigint AS events,
       sum(amount) AS amount
  FROM event_rollups
 WHERE workspace_id = $1
 GROUP BY day, node_id, type, context, currency
HAVING sum(events) <> 0 OR sum(amount) <> 0;

-- all_customer_counts --
-- Every counter of every customer, to be held against a recount.
SELECT customer_id, type, currency, events, amount, first_at, last_at
  FROM customer_rollups
 WHERE workspace_id = $1 AND events <> 0;

-- delete_event_counts --
-- Empties the counters before a rebuild.
DELETE FROM event_rollups WHERE workspace_id = $1;

-- delete_all_customer_counts --
-- Empties the customers' counters before a rebuild.
DELETE FROM customer_rollups WHERE workspace_id = $1;

-- scan_events --
-- Events after an id, for a recount.
SELECT event_id, node_id, customer_id, type, context, occurred_at, properties
  FROM events
 WHERE workspace_id = $1 AND event_id > $2
 ORDER BY event_id
 LIMIT $3;

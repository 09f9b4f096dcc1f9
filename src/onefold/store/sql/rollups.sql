-- add_event_counts --
-- Adds to the counters of this writer's slot.
INSERT INTO event_rollups (workspace_id, day, node_id, type, context, currency, slot, events,
                           amount, revenue, units, returns, added, changed, removed, gone)
SELECT $1, n.day, n.node_id, n.type, n.context, n.currency, $2, n.events, n.amount, n.revenue,
       n.units, n.returns, n.added, n.changed, n.removed, n.gone
  FROM unnest($3::date[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[],
              $9::numeric[], $10::numeric[], $11::numeric[], $12::bigint[], $13::bigint[],
              $14::bigint[], $15::bigint[], $16::bigint[])
       AS n (day, node_id, type, context, currency, events, amount, revenue, units, returns, added,
             changed, removed, gone)
ON CONFLICT (workspace_id, day, node_id, type, context, currency, slot) DO UPDATE
   SET events = event_rollups.events + excluded.events,
       amount = event_rollups.amount + excluded.amount,
       revenue = event_rollups.revenue + excluded.revenue,
       units = event_rollups.units + excluded.units,
       returns = event_rollups.returns + excluded.returns,
       added = event_rollups.added + excluded.added,
       changed = event_rollups.changed + excluded.changed,
       removed = event_rollups.removed + excluded.removed,
       gone = event_rollups.gone + excluded.gone;

-- add_customer_counts --
-- Adds to what each customer did.
INSERT INTO customer_rollups (workspace_id, customer_id, type, currency, day, events, amount,
                              revenue, units, returns)
SELECT $1, n.customer_id, n.type, n.currency, n.day, n.events, n.amount, n.revenue, n.units,
       n.returns
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::date[], $6::bigint[], $7::numeric[],
              $8::numeric[], $9::numeric[], $10::bigint[])
       AS n (customer_id, type, currency, day, events, amount, revenue, units, returns)
ON CONFLICT (workspace_id, customer_id, type, currency, day) DO UPDATE
   SET events = customer_rollups.events + excluded.events,
       amount = customer_rollups.amount + excluded.amount,
       revenue = customer_rollups.revenue + excluded.revenue,
       units = customer_rollups.units + excluded.units,
       returns = customer_rollups.returns + excluded.returns;

-- drop_empty_counts --
-- Counters of these customers that came to nothing; a row that is added to meanwhile stays.
DELETE FROM customer_rollups
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND events = 0;

-- delete_customer_counts --
-- Forgets what one customer did.
DELETE FROM customer_rollups WHERE workspace_id = $1 AND customer_id = $2;

-- add_node_counts --
-- Adds customers that came, changed and went to the counters of this writer's slot.
INSERT INTO node_rollups (workspace_id, day, node_id, slot, added, changed, removed, gone, by_both,
                          by_email, by_mobile)
SELECT $1, n.day, n.node_id, $2, n.added, n.changed, n.removed, n.gone, n.by_both, n.by_email,
       n.by_mobile
  FROM unnest($3::date[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
              $9::bigint[], $10::bigint[], $11::bigint[])
       AS n (day, node_id, added, changed, removed, gone, by_both, by_email, by_mobile)
ON CONFLICT (workspace_id, day, node_id, slot) DO UPDATE
   SET added = node_rollups.added + excluded.added,
       changed = node_rollups.changed + excluded.changed,
       removed = node_rollups.removed + excluded.removed,
       gone = node_rollups.gone + excluded.gone,
       by_both = node_rollups.by_both + excluded.by_both,
       by_email = node_rollups.by_email + excluded.by_email,
       by_mobile = node_rollups.by_mobile + excluded.by_mobile;

-- read_event_counts --
-- Counts and money by day and type; null does not restrict.
SELECT day, type, sum(events)::bigint AS events
  FROM event_rollups
 WHERE workspace_id = $1 AND day >= $2 AND day <= $3 AND ($4::uuid IS NULL OR node_id = $4)
 GROUP BY day, type
HAVING sum(events) <> 0
 ORDER BY day, type;

-- all_event_counts --
-- Every counter with its slots added up, to be held against a recount. What was changed and deleted
-- on a day cannot be counted again; what was recorded on it can, as far as it is still there.
SELECT day, node_id, type, context, currency, sum(events)::bigint AS events,
       sum(amount) AS amount, sum(revenue) AS revenue, sum(units) AS units,
       sum(returns)::bigint AS returns, sum(added - gone)::bigint AS added
  FROM event_rollups
 WHERE workspace_id = $1
 GROUP BY day, node_id, type, context, currency
HAVING sum(events) <> 0 OR sum(amount) <> 0 OR sum(revenue) <> 0 OR sum(units) <> 0
    OR sum(returns) <> 0 OR sum(added - gone) <> 0;

-- all_customer_counts --
-- Every counter of every customer, to be held against a recount.
SELECT customer_id, type, currency, day, events, amount, revenue, units, returns
  FROM customer_rollups
 WHERE workspace_id = $1
   AND (events <> 0 OR amount <> 0 OR revenue <> 0 OR units <> 0 OR returns <> 0);

-- all_node_counts --
-- Every counter of customers with its slots added up, to be held against a recount.
SELECT day, node_id, sum(added)::bigint AS added, sum(removed)::bigint AS removed,
       sum(gone)::bigint AS gone, sum(by_both)::bigint AS by_both,
       sum(by_email)::bigint AS by_email, sum(by_mobile)::bigint AS by_mobile
  FROM node_rollups
 WHERE workspace_id = $1
 GROUP BY day, node_id;

-- scan_events --
-- Events after an id, for a recount.
SELECT event_id, node_id, customer_id, type, context, occurred_at, registered_at, properties
  FROM events
 WHERE workspace_id = $1 AND event_id > $2
 ORDER BY event_id
 LIMIT $3;

-- scan_customers --
-- Customers after an id, those that are gone too, for a recount.
SELECT customer_id, node_id, registered_at, deleted_at, profile
  FROM customers
 WHERE workspace_id = $1 AND customer_id > $2
 ORDER BY customer_id
 LIMIT $3;

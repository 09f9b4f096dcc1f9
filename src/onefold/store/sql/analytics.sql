-- count_population --
-- How many customers each node has now, and how they can be reached.
SELECT node_id, sum(added - removed)::bigint AS customers, sum(by_both)::bigint AS by_both,
       sum(by_email)::bigint AS by_email, sum(by_mobile)::bigint AS by_mobile
  FROM node_rollups
 WHERE workspace_id = $1 AND ($2::uuid[] IS NULL OR node_id = ANY($2))
 GROUP BY node_id;

-- read_registrations --
-- Customers that are there now by the day on which they came.
SELECT day, sum(added - gone)::bigint AS customers
  FROM node_rollups
 WHERE workspace_id = $1 AND day >= $2 AND day <= $3
   AND ($4::uuid[] IS NULL OR node_id = ANY($4))
 GROUP BY day
HAVING sum(added - gone) <> 0
 ORDER BY day;

-- read_customer_deeds --
-- Customers that came, changed and went by day.
SELECT day, sum(added)::bigint AS added, sum(changed)::bigint AS changed,
       sum(removed)::bigint AS removed
  FROM node_rollups
 WHERE workspace_id = $1 AND day >= $2 AND day <= $3
   AND ($4::uuid[] IS NULL OR node_id = ANY($4))
 GROUP BY day
 ORDER BY day;

-- read_event_deeds --
-- Events that were recorded, changed and deleted by type and day.
SELECT type, day, sum(added)::bigint AS added, sum(changed)::bigint AS changed,
       sum(removed)::bigint AS removed
  FROM event_rollups
 WHERE workspace_id = $1 AND day >= $2 AND day <= $3
   AND ($4::uuid[] IS NULL OR node_id = ANY($4))
 GROUP BY type, day
 ORDER BY type, day;

-- read_event_days --
-- Events by type, context and the day on which they happened; null does not restrict.
SELECT type, context, day, sum(events)::bigint AS events
  FROM event_rollups
 WHERE workspace_id = $1 AND day >= $2 AND day <= $3
   AND ($4::uuid[] IS NULL OR node_id = ANY($4)) AND ($5::text IS NULL OR context = $5)
 GROUP BY type, context, day
HAVING sum(events) <> 0
 ORDER BY type, context, day;

-- count_types --
-- How many events of these types happened; null does not restrict.
SELECT type, sum(events)::bigint AS events
  FROM event_rollups
 WHERE workspace_id = $1 AND day >= $2 AND day <= $3
   AND ($4::uuid[] IS NULL OR node_id = ANY($4)) AND ($5::text IS NULL OR context = $5)
   AND type = ANY($6::text[])
 GROUP BY type;

-- read_purchases --
-- Events of one type that have money, by currency; null does not restrict.
SELECT currency, sum(events)::bigint AS events, sum(returns)::bigint AS returns,
       sum(units) AS units, sum(amount) AS total, sum(revenue) AS revenue
  FROM event_rollups
 WHERE workspace_id = $1 AND day >= $2 AND day <= $3
   AND ($4::uuid[] IS NULL OR node_id = ANY($4)) AND ($5::text IS NULL OR context = $5)
   AND type = $6
 GROUP BY currency
HAVING sum(events) <> 0;

-- scan_kept_out --
-- Events after an id, of customers of these nodes who are no person of an aggregate node.
SELECT e.event_id, e.node_id, e.customer_id, e.type, e.context, e.occurred_at, e.registered_at,
       e.properties
  FROM customers AS c
  JOIN events AS e ON e.workspace_id = $1 AND e.customer_id = c.customer_id
 WHERE c.workspace_id = $1 AND c.node_id = ANY($2::uuid[]) AND c.deleted_at IS NULL
   AND NOT EXISTS (SELECT 1
                     FROM person_links AS l
                    WHERE l.workspace_id = $1 AND l.customer_id = c.customer_id AND l.node_id = $3)
   AND e.event_id > $4
 ORDER BY e.event_id
 LIMIT $5;

-- read_customer_days --
-- Events of these customers together by type and day.
SELECT type, day, sum(events)::bigint AS events
  FROM customer_rollups
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND day >= $3 AND day <= $4
 GROUP BY type, day
HAVING sum(events) <> 0
 ORDER BY type, day;

-- read_customer_purchases --
-- Events of one type that have money, of these customers together, by currency.
SELECT currency, sum(events)::bigint AS events, sum(returns)::bigint AS returns,
       sum(units) AS units, sum(amount) AS total, sum(revenue) AS revenue
  FROM customer_rollups
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND day >= $3 AND day <= $4
   AND type = $5
 GROUP BY currency
HAVING sum(events) <> 0;

-- insert_events --
-- New events; one whose id is stored already is left as it is and does not come back.
INSERT INTO events (workspace_id, event_id, customer_id, month, node_id, type, context, mode,
                    occurred_at, registered_at, updated_at, version, properties, details,
                    bring_back_by, bring_back, source_id, job_id)
SELECT $1, n.event_id, n.customer_id, n.month, n.node_id, n.type, n.context, n.mode,
       n.occurred_at, $2, $2, 1, n.properties::jsonb, n.details::jsonb, n.bring_back_by,
       n.bring_back, $3, $4
  FROM unnest($5::uuid[], $6::uuid[], $7::date[], $8::uuid[], $9::text[], $10::text[],
              $11::text[], $12::timestamptz[], $13::text[], $14::text[], $15::text[],
              $16::text[])
       AS n (event_id, customer_id, month, node_id, type, context, mode, occurred_at, properties,
             details, bring_back_by, bring_back)
ON CONFLICT DO NOTHING
RETURNING event_id;

-- known_events --
-- Which of these events are stored already, whoever they belong to now.
SELECT event_id
  FROM events
 WHERE workspace_id = $1 AND event_id = ANY($2::uuid[]) AND month = ANY($3::date[]);

-- find_event --
-- One event; the month follows from its id.
SELECT event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
       updated_at, version, properties, details, bring_back_by, bring_back, source_id
  FROM events
 WHERE workspace_id = $1 AND event_id = $2 AND month = $3;

-- find_events --
-- Several events, in no order.
SELECT event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
       updated_at, version, properties, details, bring_back_by, bring_back, source_id
  FROM events
 WHERE workspace_id = $1 AND event_id = ANY($2::uuid[]) AND month = ANY($3::date[]);

-- lock_event --
-- One event, locked for a change.
SELECT event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
       updated_at, version, properties, details, bring_back_by, bring_back, source_id
  FROM events
 WHERE workspace_id = $1 AND event_id = $2 AND month = $3
   FOR UPDATE;

-- update_event --
-- The new state of a locked event.
UPDATE events
   SET context = $4, occurred_at = $5, updated_at = $6, version = version + 1,
       properties = $7::jsonb, details = $8::jsonb
 WHERE workspace_id = $1 AND event_id = $2 AND month = $3;

-- delete_event --
-- One event.
DELETE FROM events
 WHERE workspace_id = $1 AND event_id = $2 AND month = $3;

-- event_before --
-- The neighbour by date among the events of the same customer, earlier.
SELECT event_id
  FROM events
 WHERE workspace_id = $1 AND customer_id = $2
   AND (occurred_at < $3 OR (occurred_at = $3 AND event_id < $4))
 ORDER BY occurred_at DESC, event_id DESC
 LIMIT 1;

-- event_after --
-- The neighbour by date among the events of the same customer, later.
SELECT event_id
  FROM events
 WHERE workspace_id = $1 AND customer_id = $2
   AND (occurred_at > $3 OR (occurred_at = $3 AND event_id > $4))
 ORDER BY occurred_at, event_id
 LIMIT 1;

-- lock_anonymous --
-- The events of a session that are nobody's, locked for a claim.
SELECT event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
       updated_at, version, properties, details, bring_back_by, bring_back, source_id
  FROM events
 WHERE workspace_id = $1 AND node_id = $2 AND bring_back_by = $3 AND bring_back = $4
   AND customer_id = '00000000-0000-0000-0000-000000000000'
 ORDER BY event_id
   FOR UPDATE;

-- claim_anonymous --
-- Gives locked events to the customer who turned out to be behind them.
UPDATE events
   SET customer_id = $4, updated_at = $5, version = version + 1
 WHERE workspace_id = $1 AND event_id = ANY($2::uuid[]) AND month = ANY($3::date[])
   AND customer_id = '00000000-0000-0000-0000-000000000000';

-- list_events_of_customer --
-- Events of one customer, some at a time, for taking them away.
SELECT event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
       updated_at, version, properties, details, bring_back_by, bring_back, source_id
  FROM events
 WHERE workspace_id = $1 AND customer_id = $2
 LIMIT $3;

-- list_events_of_node --
-- Events of one node after an id, in the order of their ids; for exports and rounds over all.
SELECT event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
       updated_at, version, properties, details, bring_back_by, bring_back, source_id
  FROM events
 WHERE workspace_id = $1 AND node_id = $2 AND event_id > $3
 ORDER BY event_id
 LIMIT $4;

-- delete_events --
-- Several events.
DELETE FROM events
 WHERE workspace_id = $1 AND event_id = ANY($2::uuid[]) AND month = ANY($3::date[]);

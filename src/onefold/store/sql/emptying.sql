-- Taking away everything in a node, many rows by one statement.

-- list_events_to_take --
-- Events of a node that were there at a moment, after an id.
SELECT event_id, customer_id
  FROM events
 WHERE workspace_id = $1 AND node_id = $2 AND event_id > $3 AND registered_at <= $4
 ORDER BY event_id
 LIMIT $5;

-- take_events --
-- Deletes events and gives them back as they were.
DELETE FROM events
 WHERE workspace_id = $1 AND event_id = ANY($2::uuid[]) AND month = ANY($3::date[])
RETURNING event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
          updated_at, version, properties, details, bring_back_by, bring_back, source_id;

-- take_events_of_customers --
-- The same for whatever these customers have.
DELETE FROM events
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[])
RETURNING event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
          updated_at, version, properties, details, bring_back_by, bring_back, source_id;

-- lock_customers_to_take --
-- Customers of a node that were there at a moment; whoever records events of them waits.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head
  FROM customers
 WHERE workspace_id = $1 AND node_id = $2 AND registered_at <= $3 AND deleted_at IS NULL
 ORDER BY customer_id
 LIMIT $4
   FOR UPDATE;

-- delete_sessions_of_customers --
-- All sessions of these customers.
DELETE FROM sessions WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

-- delete_identifiers_of_customers --
-- Everything that points at these customers, their claims with it.
DELETE FROM identifiers WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

-- delete_counts_of_customers --
-- What these customers did.
DELETE FROM customer_rollups WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

-- delete_history_of_customers --
-- Every version of these customers.
DELETE FROM history WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

-- bury_customers --
-- Leaves of each what the stream and the log need: its id, node and number.
UPDATE customers
   SET profile = '{}'::jsonb, version = version + 1, updated_at = $3, updated_by = $4,
       deleted_at = $3
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

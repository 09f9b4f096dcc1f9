-- Everything of one customer, for handing it over.

-- first_of_timeline --
-- The oldest events of one customer.
SELECT event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
       updated_at, version, properties, details, bring_back_by, bring_back, source_id
  FROM events
 WHERE workspace_id = $1 AND customer_id = $2
 ORDER BY occurred_at, event_id
 LIMIT $3;

-- next_of_timeline --
-- Those that follow one of them.
SELECT event_id, customer_id, node_id, type, context, mode, occurred_at, registered_at,
       updated_at, version, properties, details, bring_back_by, bring_back, source_id
  FROM events
 WHERE workspace_id = $1 AND customer_id = $2
   AND (occurred_at > $3 OR (occurred_at = $3 AND event_id > $4))
 ORDER BY occurred_at, event_id
 LIMIT $5;

-- list_identifiers --
-- Values by which one customer is found.
SELECT kind, value
  FROM identifiers
 WHERE workspace_id = $1 AND customer_id = $2
 ORDER BY kind, value;

-- note_chain --
-- Where the consent log of a locked customer ends now; the customer itself did not change.
UPDATE customers
   SET consent_entries = $3, consent_head = $4
 WHERE workspace_id = $1 AND customer_id = $2;

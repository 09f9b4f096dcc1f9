-- insert_sessions --
-- Sessions whose value was claimed just now.
INSERT INTO sessions (workspace_id, customer_id, session_id, node_id, value, created_at)
SELECT $1, n.customer_id, n.session_id, n.node_id, n.value, $2
  FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[])
       AS n (customer_id, session_id, node_id, value);

-- list_sessions --
-- The sessions of one customer, oldest first.
SELECT session_id, value, created_at
  FROM sessions
 WHERE workspace_id = $1 AND customer_id = $2
 ORDER BY session_id;

-- find_session --
-- One session of one customer.
SELECT session_id, value, created_at
  FROM sessions
 WHERE workspace_id = $1 AND customer_id = $2 AND session_id = $3;

-- find_session_by_value --
-- The session of a customer that has this value.
SELECT session_id, value, created_at
  FROM sessions
 WHERE workspace_id = $1 AND customer_id = $2 AND node_id = $3 AND value = $4;

-- delete_session --
-- One session of one customer; its events stay.
DELETE FROM sessions
 WHERE workspace_id = $1 AND customer_id = $2 AND session_id = $3
RETURNING value, node_id;

-- delete_sessions --
-- All sessions of one customer.
DELETE FROM sessions WHERE workspace_id = $1 AND customer_id = $2 RETURNING value, node_id;

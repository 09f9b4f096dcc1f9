-- find_customer --
-- One customer that is not deleted, and whether others were merged with it.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head,
       merged_into IS NOT NULL
       OR EXISTS (SELECT 1 FROM customers AS hidden
                   WHERE hidden.workspace_id = $1 AND hidden.merged_into = $2) AS merged
  FROM customers
 WHERE workspace_id = $1 AND customer_id = $2 AND deleted_at IS NULL;

-- find_customers --
-- Several customers, in no order; deleted ones are left out.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head,
       merged_into IS NOT NULL
       OR EXISTS (SELECT 1 FROM customers AS hidden
                   WHERE hidden.workspace_id = $1
                     AND hidden.merged_into = customers.customer_id) AS merged
  FROM customers
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND deleted_at IS NULL;

-- lock_customers --
-- Several customers, locked in the order of their ids so that two batches cannot cross. Events
-- of them can be recorded meanwhile.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head
  FROM customers
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND deleted_at IS NULL
 ORDER BY customer_id
   FOR NO KEY UPDATE;

-- lock_alone --
-- One customer, locked against everything: who records events of it waits until commit.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head
  FROM customers
 WHERE workspace_id = $1 AND customer_id = $2 AND deleted_at IS NULL
   FOR UPDATE;

-- nodes_of_customers --
-- Which of these customers exist, and in which node; FOR KEY SHARE keeps them until commit.
SELECT customer_id, node_id
  FROM customers
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND deleted_at IS NULL
 ORDER BY customer_id
   FOR KEY SHARE;

-- insert_customers --
-- New customers, one array a column.
INSERT INTO customers (workspace_id, customer_id, node_id, number, profile, version,
                       registered_at, registered_by, updated_at, updated_by, consent_entries,
                       consent_head)
SELECT $1, n.customer_id, n.node_id, n.number, n.profile::jsonb, n.version, n.registered_at,
       n.registered_by, n.updated_at, n.updated_by, n.consent_entries, n.consent_head
  FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::integer[],
              $7::timestamptz[], $8::uuid[], $9::timestamptz[], $10::uuid[], $11::integer[],
              $12::bytea[])
       AS n (customer_id, node_id, number, profile, version, registered_at, registered_by,
             updated_at, updated_by, consent_entries, consent_head);

-- update_customers --
-- The new state of locked customers, one array a column.
UPDATE customers
   SET profile = n.profile::jsonb, version = n.version, updated_at = n.updated_at,
       updated_by = n.updated_by, consent_entries = n.consent_entries,
       consent_head = n.consent_head
  FROM unnest($2::uuid[], $3::text[], $4::integer[], $5::timestamptz[], $6::uuid[],
              $7::integer[], $8::bytea[])
       AS n (customer_id, profile, version, updated_at, updated_by, consent_entries,
             consent_head)
 WHERE customers.workspace_id = $1 AND customers.customer_id = n.customer_id;

-- bury_customer --
-- Leaves of a customer what the stream and the log need: its id, node and number.
UPDATE customers
   SET profile = '{}'::jsonb, version = version + 1, updated_at = $3, updated_by = $4,
       deleted_at = $3, consent_entries = $5, consent_head = $6
 WHERE workspace_id = $1 AND customer_id = $2;

-- list_customers --
-- Customers after an id, in the order of their ids; for exports and rounds over all.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head
  FROM customers
 WHERE workspace_id = $1 AND node_id = $2 AND customer_id > $3 AND deleted_at IS NULL
 ORDER BY customer_id
 LIMIT $4;

-- lock_page --
-- The same, locked so that nobody changes them until commit.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head
  FROM customers
 WHERE workspace_id = $1 AND node_id = $2 AND customer_id > $3 AND deleted_at IS NULL
 ORDER BY customer_id
 LIMIT $4
   FOR NO KEY UPDATE;

-- count_customers --
-- How many customers each node has.
SELECT node_id, count(*) AS customers
  FROM customers
 WHERE workspace_id = $1 AND deleted_at IS NULL
 GROUP BY node_id;

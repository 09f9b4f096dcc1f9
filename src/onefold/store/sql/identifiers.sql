-- find_holders --
-- Who holds these claims (values that one customer alone may hold).
SELECT value, customer_id
  FROM identifiers
 WHERE workspace_id = $1 AND kind = $2 AND value = ANY($3::text[])
   AND holder = '00000000-0000-0000-0000-000000000000';

-- claim --
-- Takes claims that nobody has; what does not come back belongs to another customer.
INSERT INTO identifiers (workspace_id, kind, value, holder, customer_id, node_id)
SELECT $1, $2, n.value, '00000000-0000-0000-0000-000000000000', n.customer_id, n.node_id
  FROM unnest($3::text[], $4::uuid[], $5::uuid[]) AS n (value, customer_id, node_id)
ON CONFLICT DO NOTHING
RETURNING value;

-- claim_unseen --
-- Takes claims that nobody is expected to have, for half the work; fails when somebody has one.
INSERT INTO identifiers (workspace_id, kind, value, holder, customer_id, node_id)
SELECT $1, $2, n.value, '00000000-0000-0000-0000-000000000000', n.customer_id, n.node_id
  FROM unnest($3::text[], $4::uuid[], $5::uuid[]) AS n (value, customer_id, node_id);

-- open_claims --
-- Claims of nobody's, for values under which something came before its customer was known.
INSERT INTO identifiers (workspace_id, kind, value, holder, customer_id, node_id)
SELECT $1, $2, n.value, '00000000-0000-0000-0000-000000000000',
       '00000000-0000-0000-0000-000000000000', n.node_id
  FROM unnest($3::text[], $4::uuid[]) AS n (value, node_id)
ON CONFLICT DO NOTHING;

-- share_claims --
-- Who holds these claims, the nil UUID for nobody; they cannot change hands before commit.
SELECT value, customer_id
  FROM identifiers
 WHERE workspace_id = $1 AND kind = $2 AND value = ANY($3::text[])
   AND holder = '00000000-0000-0000-0000-000000000000'
 ORDER BY value
   FOR SHARE;

-- take_claim_of_nobody --
-- Gives a claim of nobody's to a customer; no row when somebody has it.
UPDATE identifiers
   SET customer_id = $4
 WHERE workspace_id = $1 AND kind = $2 AND value = $3
   AND holder = '00000000-0000-0000-0000-000000000000'
   AND customer_id = '00000000-0000-0000-0000-000000000000'
RETURNING value;

-- release --
-- Gives claims of a customer back.
DELETE FROM identifiers
 WHERE workspace_id = $1 AND kind = $2 AND value = ANY($3::text[])
   AND holder = '00000000-0000-0000-0000-000000000000' AND customer_id = $4;

-- release_node --
-- Gives back every claim of one kind that was made in a node.
DELETE FROM identifiers
 WHERE workspace_id = $1 AND kind = $2 AND node_id = $3
   AND holder = '00000000-0000-0000-0000-000000000000';

-- insert_identifiers --
-- Values of new customers. That there is nothing to collide with saves two fifths of the work.
INSERT INTO identifiers (workspace_id, kind, value, holder, customer_id, node_id)
SELECT $1, n.kind, n.value, n.customer_id, n.customer_id, n.node_id
  FROM unnest($2::text[], $3::text[], $4::uuid[], $5::uuid[])
       AS n (kind, value, customer_id, node_id);

-- add_identifiers --
-- Values by which customers are found; sharing one is allowed.
INSERT INTO identifiers (workspace_id, kind, value, holder, customer_id, node_id)
SELECT $1, n.kind, n.value, n.customer_id, n.customer_id, n.node_id
  FROM unnest($2::text[], $3::text[], $4::uuid[], $5::uuid[])
       AS n (kind, value, customer_id, node_id)
ON CONFLICT DO NOTHING;

-- drop_identifiers --
-- Values that no longer are these customers'.
DELETE FROM identifiers
 USING unnest($2::text[], $3::text[], $4::uuid[]) AS n (kind, value, customer_id)
 WHERE identifiers.workspace_id = $1 AND identifiers.kind = n.kind
   AND identifiers.value = n.value AND identifiers.holder = n.customer_id;

-- delete_identifiers --
-- Everything that points at one customer, its claims with it; whatever rules once made it.
DELETE FROM identifiers WHERE workspace_id = $1 AND customer_id = $2;

-- find_by_identifiers --
-- Customers of a node with one of these values, oldest first.
SELECT value, customer_id
  FROM identifiers
 WHERE workspace_id = $1 AND kind = $2 AND value = ANY($3::text[]) AND node_id = $4
 ORDER BY value, customer_id;

-- count_orphans --
-- Identifiers whose customer is gone; there must be none, and there is no foreign key to say so.
SELECT count(*)
  FROM identifiers
  LEFT JOIN customers
    ON customers.workspace_id = identifiers.workspace_id
   AND customers.customer_id = identifiers.customer_id AND customers.deleted_at IS NULL
 WHERE identifiers.workspace_id = $1 AND customers.customer_id IS NULL
   AND identifiers.customer_id <> '00000000-0000-0000-0000-000000000000';

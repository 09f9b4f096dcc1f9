-- Persons of aggregate nodes: who belongs to whom, by which keys and decisions.

-- find_links --
-- The persons of these customers in a node.
SELECT customer_id, node_id, person_id, joints, at
  FROM person_links
 WHERE workspace_id = $1 AND node_id = $2 AND customer_id = ANY($3::uuid[]);

-- find_links_of_customer --
-- The persons of one customer, in every node.
SELECT customer_id, node_id, person_id, joints, at
  FROM person_links
 WHERE workspace_id = $1 AND customer_id = $2
 ORDER BY node_id;

-- find_members --
-- The customers of these persons.
SELECT customer_id, node_id, person_id, joints, at
  FROM person_links
 WHERE workspace_id = $1 AND person_id = ANY($2::uuid[])
 ORDER BY customer_id;

-- save_links --
-- Who belongs to whom from now on, one array a column.
INSERT INTO person_links (workspace_id, customer_id, node_id, person_id, joints, at)
SELECT $1, n.customer_id, $2, n.person_id, n.joints::jsonb, $3
  FROM unnest($4::uuid[], $5::uuid[], $6::text[]) AS n (customer_id, person_id, joints)
ON CONFLICT (workspace_id, customer_id, node_id) DO UPDATE
   SET person_id = excluded.person_id, joints = excluded.joints, at = excluded.at;

-- drop_links --
-- These customers belong to nobody in a node.
DELETE FROM person_links
 WHERE workspace_id = $1 AND node_id = $2 AND customer_id = ANY($3::uuid[]);

-- find_keys --
-- What the rules of a node compare of these customers.
SELECT customer_id, rule, value
  FROM match_keys
 WHERE workspace_id = $1 AND node_id = $2 AND customer_id = ANY($3::uuid[]);

-- find_owners --
-- Customers with one of these values, some of each value.
SELECT n.value, found.customer_id
  FROM unnest($3::text[]) AS n (value)
  JOIN LATERAL (SELECT m.customer_id
                  FROM match_keys AS m
                 WHERE m.workspace_id = $1 AND m.node_id = $2 AND m.value = n.value
                 LIMIT $4) AS found ON TRUE;

-- insert_keys --
-- Keys of customers that have none of these rules.
INSERT INTO match_keys (workspace_id, customer_id, node_id, rule, value)
SELECT $1, n.customer_id, $2, n.rule, n.value
  FROM unnest($3::uuid[], $4::text[], $5::text[]) AS n (customer_id, rule, value);

-- drop_keys --
-- Forgets what the rules of a node compare of these customers.
DELETE FROM match_keys
 WHERE workspace_id = $1 AND node_id = $2 AND customer_id = ANY($3::uuid[]);

-- find_brought --
-- Ids of persons that these customers bring.
SELECT customer_id, person_id
  FROM person_ids
 WHERE workspace_id = $1 AND node_id = $2 AND customer_id = ANY($3::uuid[]);

-- find_bringer --
-- The customer that brings an id of a person, and the person that it now belongs to.
SELECT ids.customer_id, links.person_id
  FROM person_ids AS ids
  JOIN person_links AS links
    ON links.workspace_id = $1 AND links.customer_id = ids.customer_id
   AND links.node_id = ids.node_id
 WHERE ids.workspace_id = $1 AND ids.person_id = $2;

-- insert_brought --
-- Ids of new persons, each brought by a customer.
INSERT INTO person_ids (workspace_id, customer_id, person_id, node_id)
SELECT $1, n.customer_id, n.person_id, $2
  FROM unnest($3::uuid[], $4::uuid[]) AS n (customer_id, person_id);

-- drop_brought --
-- These ids are brought by nobody.
DELETE FROM person_ids WHERE workspace_id = $1 AND person_id = ANY($2::uuid[]);

-- find_records --
-- Records of persons, those that were merged away too.
SELECT customer_id, node_id, number, profile, version, registered_at, registered_by,
       updated_at, updated_by, consent_entries, consent_head, deleted_at
  FROM customers
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

-- store_records --
-- The new state of persons, merged away or back.
UPDATE customers
   SET profile = n.profile::jsonb, version = n.version, updated_at = n.updated_at,
       updated_by = $2, deleted_at = n.deleted_at
  FROM unnest($3::uuid[], $4::text[], $5::integer[], $6::timestamptz[], $7::timestamptz[])
       AS n (customer_id, profile, version, updated_at, deleted_at)
 WHERE customers.workspace_id = $1 AND customers.customer_id = n.customer_id;

-- find_decisions --
-- What people said of these customers; each decision stands there from both sides.
SELECT customer_id, other_id, same, at, actor_kind, actor_id
  FROM person_decisions
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]);

-- save_decision --
-- What somebody said of two customers, from one side; the newest word counts.
INSERT INTO person_decisions (workspace_id, customer_id, other_id, same, subject, at, actor_kind,
                              actor_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (workspace_id, customer_id, other_id) DO UPDATE
   SET same = excluded.same, subject = excluded.subject, at = excluded.at,
       actor_kind = excluded.actor_kind, actor_id = excluded.actor_id;

-- drop_decision --
-- Takes back what was said of two customers, from both sides.
DELETE FROM person_decisions
 WHERE workspace_id = $1
   AND ((customer_id = $2 AND other_id = $3) OR (customer_id = $3 AND other_id = $2));

-- drop_decisions_of --
-- Forgets everything that was said of one customer.
DELETE FROM person_decisions
 WHERE workspace_id = $1 AND (customer_id = $2 OR other_id = $2);

-- find_returned --
-- Decisions on customers that are gone, by what told these apart.
SELECT d.customer_id, d.other_id, d.subject
  FROM person_decisions AS d
  JOIN customers AS c
    ON c.workspace_id = $1 AND c.customer_id = d.customer_id AND c.deleted_at IS NOT NULL
 WHERE d.workspace_id = $1 AND d.subject = ANY($2::text[]);

-- rename_decided --
-- A customer that was deleted is there again under another id.
UPDATE person_decisions SET customer_id = $3 WHERE workspace_id = $1 AND customer_id = $2;

-- rename_other --
-- The same from the other side.
UPDATE person_decisions SET other_id = $3 WHERE workspace_id = $1 AND other_id = $2;

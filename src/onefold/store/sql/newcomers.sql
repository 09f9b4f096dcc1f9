-- insert_newcomers --
-- New customers of one node.
INSERT INTO customers (workspace_id, customer_id, node_id, number, profile, version,
                       registered_at, registered_by, updated_at, updated_by, consent_entries,
                       consent_head)
SELECT $1, n.customer_id, $2, n.number, n.profile::jsonb, 1, $3, $4, $3, $4,
       n.consent_entries, n.consent_head
  FROM unnest($5::uuid[], $6::bigint[], $7::text[], $8::integer[], $9::bytea[])
       AS n (customer_id, number, profile, consent_entries, consent_head);

-- insert_first_history --
-- The first version of each: from nothing to the whole document.
INSERT INTO history (workspace_id, customer_id, version, at, operation, actor_kind, actor_id,
                     job_id, cause, changes)
SELECT $1, n.customer_id, 1, $2, 'create', $3, $4, $5, NULL, n.changes::jsonb
  FROM unnest($6::uuid[], $7::text[]) AS n (customer_id, changes);

-- insert_values --
-- What points at them. Nobody can have stored it before, so there is nothing to collide with.
INSERT INTO identifiers (workspace_id, kind, value, holder, customer_id, node_id)
SELECT $1, n.kind, n.value, n.customer_id, n.customer_id, $2
  FROM unnest($3::text[], $4::text[], $5::uuid[]) AS n (kind, value, customer_id);

-- insert_numbers --
-- Their numbers, which point at them too.
INSERT INTO identifiers (workspace_id, kind, value, holder, customer_id, node_id)
SELECT $1, 'number', n.number::text, n.customer_id, n.customer_id, $2
  FROM unnest($3::uuid[], $4::bigint[]) AS n (customer_id, number);

-- announce_newcomers --
-- Entries of the update stream at the positions after $3.
INSERT INTO updates (workspace_id, lane, position, at, entity, operation, entity_id, node_id,
                     customer_id, version)
SELECT $1, $2, $3::bigint + n.place, $4, 'CUSTOMER', 'CREATE', n.customer_id, $5, n.customer_id, 1
  FROM unnest($6::uuid[]) WITH ORDINALITY AS n (customer_id, place);

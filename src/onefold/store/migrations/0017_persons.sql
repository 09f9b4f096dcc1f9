-- Persons of aggregate nodes. Their records are rows of customers, so that whatever reads customers
-- reads them; here is what they are made of. Nothing of an entry customer is copied away.

-- Which person a customer belongs to in an aggregate node, and why.
CREATE TABLE person_links (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id  uuid NOT NULL,
    node_id      uuid NOT NULL,
    person_id    uuid NOT NULL,
    joints       jsonb NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, customer_id, node_id)
);
CREATE INDEX person_links_by_person ON person_links (workspace_id, person_id);

-- What the rules of an aggregate node compare, as one digest a rule.
CREATE TABLE match_keys (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id  uuid NOT NULL,
    node_id      uuid NOT NULL,
    rule         text NOT NULL,
    value        text NOT NULL,
    PRIMARY KEY (workspace_id, customer_id, node_id, rule)
);
CREATE INDEX match_keys_by_value ON match_keys (workspace_id, node_id, value);

-- The ids that a customer brings to its person: the oldest of all is the person's, the others
-- answer as that one, and come back with their customer.
CREATE TABLE person_ids (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id  uuid NOT NULL,
    person_id    uuid NOT NULL,
    node_id      uuid NOT NULL,
    PRIMARY KEY (workspace_id, customer_id, person_id)
);
CREATE INDEX person_ids_by_person ON person_ids (workspace_id, person_id);

-- What people said of two customers, one row for each of them. `subject` is a keyed hash of the
-- unique properties, so that a customer who is deleted and imported again is known.
CREATE TABLE person_decisions (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id  uuid NOT NULL,
    other_id     uuid NOT NULL,
    same         boolean NOT NULL,
    subject      text,
    at           timestamptz NOT NULL,
    actor_kind   text NOT NULL,
    actor_id     uuid,
    PRIMARY KEY (workspace_id, customer_id, other_id)
);
CREATE INDEX person_decisions_by_subject ON person_decisions (workspace_id, subject)
 WHERE subject IS NOT NULL;

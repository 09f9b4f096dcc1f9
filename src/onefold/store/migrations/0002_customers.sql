-- The record, what points at it, and everything that is written with it.
CREATE TABLE customers (
    workspace_id    uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id     uuid NOT NULL,
    node_id         uuid NOT NULL,
    number          bigint NOT NULL,
    profile         jsonb NOT NULL,
    version         integer NOT NULL,
    registered_at   timestamptz NOT NULL,
    registered_by   uuid,
    updated_at      timestamptz NOT NULL,
    updated_by      uuid,
    consent_entries integer NOT NULL,
    consent_head    bytea,
    deleted_at      timestamptz,
    PRIMARY KEY (workspace_id, customer_id)
);
CREATE INDEX customers_by_change
    ON customers (workspace_id, node_id, updated_at DESC, customer_id) WHERE deleted_at IS NULL;

-- Finds customers by any value of their documents: at 100,000 customers 2 ms instead of 114,
-- for 17 microseconds more on each insert.
CREATE INDEX customers_by_content
    ON customers USING gin (profile jsonb_path_ops) WHERE deleted_at IS NULL;

-- Normalised values that point at customers. The holder is the nil UUID where one customer alone
-- may hold the value (a claim), else the customer, so that many may share it.
CREATE TABLE identifiers (
    workspace_id uuid NOT NULL,
    kind         text NOT NULL,
    value        text NOT NULL,
    holder       uuid NOT NULL,
    customer_id  uuid NOT NULL,
    node_id      uuid NOT NULL,
    PRIMARY KEY (workspace_id, kind, value, holder)
);
-- What a customer had is found here and not worked out again: the rules that made it may have
-- changed since, and a forgotten customer must leave nothing.
CREATE INDEX identifiers_by_customer ON identifiers (workspace_id, customer_id);

-- One row for each version of a customer: the fields before and after, by whom, through what.
CREATE TABLE history (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id  uuid NOT NULL,
    version      integer NOT NULL,
    at           timestamptz NOT NULL,
    operation    text NOT NULL,
    actor_kind   text NOT NULL,
    actor_id     uuid,
    job_id       uuid,
    cause        jsonb,
    changes      jsonb NOT NULL,
    PRIMARY KEY (workspace_id, customer_id, version)
);

-- Every decision on a consent, chained per customer; outlives the customer.
CREATE TABLE consent_log (
    workspace_id   uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id    uuid NOT NULL,
    sequence       integer NOT NULL,
    node_id        uuid NOT NULL,
    at             timestamptz NOT NULL,
    event          text NOT NULL,
    purpose        text,
    aspect         text,
    before         boolean,
    after          boolean,
    notice_version text,
    actor_id       uuid,
    previous       bytea NOT NULL,
    digest         bytea NOT NULL,
    PRIMARY KEY (workspace_id, customer_id, sequence)
);

CREATE TABLE sessions (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id  uuid NOT NULL,
    session_id   uuid NOT NULL,
    node_id      uuid NOT NULL,
    value        text NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, customer_id, session_id)
);

-- The update stream: what changed, not how it looks now, so that it holds no personal data.
CREATE TABLE updates (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    lane         smallint NOT NULL,
    position     bigint NOT NULL,
    at           timestamptz NOT NULL,
    entity       text NOT NULL,
    operation    text NOT NULL,
    entity_id    uuid NOT NULL,
    node_id      uuid NOT NULL,
    customer_id  uuid NOT NULL,
    version      integer NOT NULL,
    PRIMARY KEY (workspace_id, lane, position)
);

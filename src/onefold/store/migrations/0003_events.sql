-- Events by month of their time-ordered id, and the counters kept with them.
-- customer_id is the nil UUID while the event is nobody's.
CREATE TABLE events (
    workspace_id  uuid NOT NULL REFERENCES workspaces (workspace_id),
    event_id      uuid NOT NULL,
    customer_id   uuid NOT NULL,
    month         date NOT NULL,
    node_id       uuid NOT NULL,
    type          text NOT NULL,
    context       text NOT NULL,
    mode          text NOT NULL,
    occurred_at   timestamptz NOT NULL,
    registered_at timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    version       integer NOT NULL,
    properties    jsonb NOT NULL,
    details       jsonb,
    bring_back_by text,
    bring_back    text,
    source_id     uuid,
    job_id        uuid,
    PRIMARY KEY (workspace_id, event_id, month, customer_id)
) PARTITION BY RANGE (month);
CREATE INDEX events_timeline
    ON events (workspace_id, customer_id, occurred_at DESC, event_id DESC);
CREATE INDEX events_anonymous
    ON events (workspace_id, node_id, bring_back)
 WHERE customer_id = '00000000-0000-0000-0000-000000000000';
CREATE TABLE events_default PARTITION OF events DEFAULT;

-- Counts and money by day (in the workspace's time zone); a flusher writes its own slot, so that
-- writers do not wait for each other. Readers add the slots up.
CREATE TABLE event_rollups (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    day          date NOT NULL,
    node_id      uuid NOT NULL,
    type         text NOT NULL,
    context      text NOT NULL,
    currency     text NOT NULL,
    slot         smallint NOT NULL,
    events       bigint NOT NULL,
    amount       numeric(20, 4) NOT NULL,
    PRIMARY KEY (workspace_id, day, node_id, type, context, currency, slot)
);

-- What each customer did, how often and for how much.
CREATE TABLE customer_rollups (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id  uuid NOT NULL,
    type         text NOT NULL,
    currency     text NOT NULL,
    events       bigint NOT NULL,
    amount       numeric(20, 4) NOT NULL,
    first_at     timestamptz NOT NULL,
    last_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, customer_id, type, currency)
);

-- Customers that came and went, by day and node.
CREATE TABLE node_rollups (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    day          date NOT NULL,
    node_id      uuid NOT NULL,
    slot         smallint NOT NULL,
    added        bigint NOT NULL,
    removed      bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, node_id, slot)
);

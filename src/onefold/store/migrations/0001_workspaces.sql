-- Tenants, their nodes, sources and tokens, and the counters that belong to a workspace.
CREATE TABLE workspaces (
    workspace_id uuid PRIMARY KEY,
    slug         text NOT NULL,
    name         text NOT NULL,
    status       text NOT NULL,
    revision     bigint NOT NULL,
    settings     jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);

-- Read before the workspace is known, hence global: a slug belongs to one workspace.
CREATE TABLE workspace_slugs (
    slug         text PRIMARY KEY,
    workspace_id uuid NOT NULL
);

CREATE TABLE nodes (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    node_id      uuid NOT NULL,
    kind         text NOT NULL,
    name         text NOT NULL,
    settings     jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, node_id)
);

CREATE TABLE sources (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    source_id    uuid NOT NULL,
    name         text NOT NULL,
    provider     text NOT NULL,
    node_ids     uuid[] NOT NULL,
    enabled      boolean NOT NULL,
    settings     jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, source_id)
);

-- Read before the workspace is known, hence global. Only the SHA-256 of a token is kept.
CREATE TABLE tokens (
    digest       bytea PRIMARY KEY,
    workspace_id uuid NOT NULL,
    token_id     uuid NOT NULL,
    kind         text NOT NULL,
    subject_id   uuid,
    roles        text[] NOT NULL,
    node_ids     uuid[],
    enabled      boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz
);

-- Definitions of custom properties, one row for each owner: customers, products, an event type.
CREATE TABLE property_definitions (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    owner        text NOT NULL,
    name         text NOT NULL,
    definition   jsonb NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, owner, name)
);

-- Numbers that are unique inside a workspace (the customer's number); gaps are possible.
CREATE TABLE numbers (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    kind         text NOT NULL,
    last         bigint NOT NULL,
    PRIMARY KEY (workspace_id, kind)
);

-- The update stream's position; its row lock makes commit order the position order.
CREATE TABLE lanes (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    lane         smallint NOT NULL,
    last         bigint NOT NULL,
    last_at      timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, lane)
);

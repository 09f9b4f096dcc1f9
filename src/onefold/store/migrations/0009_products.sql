-- Products as the events of a workspace have shown them; what the newest event says, counts.
CREATE TABLE products (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    product_id   text NOT NULL,
    facts        jsonb NOT NULL,
    seen_at      timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, product_id)
);

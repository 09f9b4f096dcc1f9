-- How long events are kept: months by event type, of the workspace (the nil UUID) or of a node.
-- What is not said here is as the workspace has it, then as the catalogue of event types has it. A
-- node without a row of its own is not swept.
CREATE TABLE retention (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    node_id      uuid NOT NULL,
    enabled      boolean NOT NULL,
    months       jsonb NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, node_id)
);

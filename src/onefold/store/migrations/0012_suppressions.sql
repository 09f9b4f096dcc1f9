-- Keyed hashes of what forgotten customers were known by, so that they are not taken in again.
CREATE TABLE suppressions (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    mark         text NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, mark)
);

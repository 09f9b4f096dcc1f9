-- Rule 6: tables outside the workspaces are few, listed, and point at nothing inside.

-- kept_tables --
CREATE TABLE tokens (digest bytea PRIMARY KEY, workspace_id uuid);
CREATE TABLE nodes (workspace_id uuid, node_id uuid, PRIMARY KEY (workspace_id, node_id));

-- broken_unlisted --
CREATE TABLE currencies (code text PRIMARY KEY);

-- broken_pointing_inside --
CREATE TABLE workspaces (workspace_id uuid PRIMARY KEY);
CREATE TABLE tokens (digest bytea PRIMARY KEY, workspace_id uuid REFERENCES workspaces);

-- broken_listed_without_need --
CREATE TABLE tokens (workspace_id uuid, digest bytea, PRIMARY KEY (workspace_id, digest));

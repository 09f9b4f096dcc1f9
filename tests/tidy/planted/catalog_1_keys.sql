-- Rule 1: workspace_id first in every primary, unique and foreign key.

-- kept_tables --
CREATE TABLE nodes (workspace_id uuid, node_id uuid, name text, PRIMARY KEY (workspace_id, node_id));
CREATE UNIQUE INDEX nodes_by_name ON nodes (workspace_id, lower(name)) INCLUDE (node_id);
CREATE TABLE sources (workspace_id uuid, source_id uuid, node_id uuid,
    PRIMARY KEY (workspace_id, source_id),
    FOREIGN KEY (workspace_id, node_id) REFERENCES nodes (workspace_id, node_id));
CREATE INDEX sources_by_node ON sources (node_id);

-- kept_global_table --
CREATE TABLE tokens (digest bytea PRIMARY KEY);
CREATE TABLE nodes (workspace_id uuid, digest bytea REFERENCES tokens, PRIMARY KEY (workspace_id));

-- kept_partitions --
CREATE TABLE events (workspace_id uuid, day date, PRIMARY KEY (workspace_id, day))
    PARTITION BY RANGE (day);
CREATE TABLE events_default PARTITION OF events DEFAULT;
CREATE UNIQUE INDEX odd ON events_default (day);

-- broken_primary_key --
CREATE TABLE nodes (workspace_id uuid, node_id uuid, PRIMARY KEY (node_id, workspace_id));

-- broken_missing_primary_key --
CREATE TABLE nodes (workspace_id uuid, node_id uuid);

-- broken_unique_key --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY, name text UNIQUE);

-- broken_unique_expression --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY, name text);
CREATE UNIQUE INDEX nodes_by_name ON nodes (lower(name), workspace_id);

-- broken_foreign_key --
CREATE TABLE nodes (workspace_id uuid, node_id uuid, PRIMARY KEY (workspace_id, node_id));
CREATE TABLE sources (workspace_id uuid PRIMARY KEY, node_id uuid,
    FOREIGN KEY (node_id, workspace_id) REFERENCES nodes (node_id, workspace_id));

-- broken_crossed_foreign_key --
CREATE TABLE nodes (workspace_id uuid, node_id uuid, PRIMARY KEY (workspace_id, node_id));
CREATE TABLE sources (workspace_id uuid PRIMARY KEY, node_id uuid,
    FOREIGN KEY (workspace_id, node_id) REFERENCES nodes (node_id, workspace_id));

-- broken_parent_of_partitions --
CREATE TABLE events (workspace_id uuid, day date, PRIMARY KEY (day, workspace_id))
    PARTITION BY RANGE (day);

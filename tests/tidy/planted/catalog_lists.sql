-- Every table that is named in a list exists.

-- kept_tables --
CREATE TABLE tokens (digest bytea PRIMARY KEY);
CREATE TABLE customers (workspace_id uuid, customer_id uuid, PRIMARY KEY (workspace_id, customer_id));
CREATE TABLE events (workspace_id uuid, customer_id uuid, PRIMARY KEY (workspace_id, customer_id));
CREATE TABLE identifiers (workspace_id uuid, value text, PRIMARY KEY (workspace_id, value));

-- broken_nothing_there --
CREATE TABLE tokens (digest bytea PRIMARY KEY);

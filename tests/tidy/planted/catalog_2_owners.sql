-- Rule 2: customer_id in the primary key of every table that a customer owns.

-- kept_tables --
CREATE TABLE customers (workspace_id uuid, customer_id uuid, PRIMARY KEY (workspace_id, customer_id));
CREATE TABLE identifiers (workspace_id uuid, value text, customer_id uuid,
    PRIMARY KEY (workspace_id, value));

-- broken_owned --
CREATE TABLE events (workspace_id uuid, event_id uuid, customer_id uuid,
    PRIMARY KEY (workspace_id, event_id));

-- broken_unlisted --
CREATE TABLE visits (workspace_id uuid, customer_id uuid, PRIMARY KEY (workspace_id, customer_id));

-- Rule 3: all uniqueness of customers lives in identifiers, without a foreign key.

-- kept_tables --
CREATE TABLE customers (workspace_id uuid, customer_id uuid, number bigint,
    PRIMARY KEY (workspace_id, customer_id));
CREATE INDEX customers_by_number ON customers (workspace_id, number);
CREATE TABLE identifiers (workspace_id uuid, value text, customer_id uuid,
    PRIMARY KEY (workspace_id, value));

-- broken_unique_number --
CREATE TABLE customers (workspace_id uuid, customer_id uuid, number bigint,
    PRIMARY KEY (workspace_id, customer_id), UNIQUE (workspace_id, number));

-- broken_unique_index --
CREATE TABLE customers (workspace_id uuid, customer_id uuid, number bigint,
    PRIMARY KEY (workspace_id, customer_id));
CREATE UNIQUE INDEX one_number ON customers (workspace_id, number) WHERE number > 0;

-- broken_foreign_key --
CREATE TABLE customers (workspace_id uuid, customer_id uuid, PRIMARY KEY (workspace_id, customer_id));
CREATE TABLE identifiers (workspace_id uuid, value text, customer_id uuid,
    PRIMARY KEY (workspace_id, value),
    FOREIGN KEY (workspace_id, customer_id) REFERENCES customers);

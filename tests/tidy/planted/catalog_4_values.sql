-- Rule 4: no sequences, no identity, no default that calls a function.

-- kept_constants --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY, name text DEFAULT 'x', tags text[] DEFAULT '{}',
    settings jsonb DEFAULT '{}'::jsonb, number int DEFAULT 1 + 1,
    folded text GENERATED ALWAYS AS (lower(name)) STORED);

-- broken_sequence --
CREATE SEQUENCE node_numbers;

-- broken_serial --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY, number bigserial);

-- broken_identity --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY, number int GENERATED ALWAYS AS IDENTITY);

-- broken_now --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY, created_at timestamptz DEFAULT now());

-- broken_current_date --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY, day date DEFAULT CURRENT_DATE);

-- broken_uuid --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY DEFAULT gen_random_uuid());

-- Facts about the whole installation: what tells the right sealing key from a wrong one.
CREATE TABLE installation (
    name     text PRIMARY KEY,
    value    text NOT NULL,
    noted_at timestamptz NOT NULL
);

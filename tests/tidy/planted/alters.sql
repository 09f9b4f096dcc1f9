-- Rule 17: one subcommand in an ALTER TABLE that adds a constraint.

-- kept_one --
ALTER TABLE nodes ADD CONSTRAINT nodes_kind CHECK (kind <> '');

-- kept_columns --
ALTER TABLE nodes ADD COLUMN a int NOT NULL DEFAULT 0, ALTER COLUMN b DROP NOT NULL;

-- kept_detach --
ALTER TABLE events DETACH PARTITION events_2026_01;

-- broken_two --
ALTER TABLE nodes ADD COLUMN a int, ADD CONSTRAINT nodes_a CHECK (a > 0);

-- broken_inline --
ALTER TABLE nodes ADD COLUMN a int CHECK (a > 0), ADD COLUMN b int;

-- broken_inline_reference --
ALTER TABLE nodes ADD COLUMN a uuid REFERENCES workspaces (workspace_id), DROP COLUMN b;

-- broken_detach --
ALTER TABLE events DETACH PARTITION events_2026_01 CONCURRENTLY;

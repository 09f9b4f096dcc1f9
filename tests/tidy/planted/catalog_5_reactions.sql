-- Rule 5: no triggers, no rules, no SET NULL.

-- kept_cascade --
CREATE TABLE workspaces (workspace_id uuid PRIMARY KEY);
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY REFERENCES workspaces ON DELETE CASCADE);

-- broken_trigger --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY);
CREATE TRIGGER keep BEFORE UPDATE ON nodes
    FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();

-- broken_rule --
CREATE TABLE nodes (workspace_id uuid PRIMARY KEY);
CREATE RULE keep AS ON DELETE TO nodes DO INSTEAD NOTHING;

-- broken_set_null --
CREATE TABLE workspaces (workspace_id uuid PRIMARY KEY);
CREATE TABLE nodes (workspace_id uuid REFERENCES workspaces ON DELETE SET NULL);

-- broken_set_default --
CREATE TABLE workspaces (workspace_id uuid PRIMARY KEY);
CREATE TABLE nodes (workspace_id uuid REFERENCES workspaces ON UPDATE SET DEFAULT);

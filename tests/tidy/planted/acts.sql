-- Rule 5: nothing happens by itself.

-- kept_cascade --
CREATE TABLE a (workspace_id uuid REFERENCES workspaces (workspace_id) ON DELETE CASCADE);

-- broken_trigger --
CREATE TRIGGER t AFTER INSERT ON nodes FOR EACH ROW EXECUTE FUNCTION f();

-- broken_rule --
CREATE RULE r AS ON INSERT TO nodes DO INSTEAD NOTHING;

-- broken_set_null --
CREATE TABLE a (workspace_id uuid REFERENCES workspaces (workspace_id) ON DELETE SET NULL);

-- broken_set_default --
ALTER TABLE a ADD FOREIGN KEY (workspace_id, b) REFERENCES nodes ON UPDATE SET DEFAULT;

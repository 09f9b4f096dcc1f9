-- find_workspace --
-- The workspace itself, without its parts.
SELECT workspace_id, slug, name, status, revision, settings, created_at,
       EXISTS (SELECT 1 FROM suppressions WHERE workspace_id = $1) AS suppresses,
       EXISTS (SELECT 1 FROM person_decisions WHERE workspace_id = $1) AS decides,
       EXISTS (SELECT 1 FROM customers
                WHERE workspace_id = $1 AND merged_into IS NOT NULL) AS merges
  FROM workspaces
 WHERE workspace_id = $1;

-- revision_of_workspace --
-- Tells whether a picture of the workspace is still the newest.
SELECT revision FROM workspaces WHERE workspace_id = $1;

-- share_revision --
-- The same for a write: the workspace's rules cannot change before it has committed.
SELECT revision FROM workspaces WHERE workspace_id = $1 FOR SHARE;

-- lock_revision --
-- The same for a change of the rules: writes that go by the old ones have committed.
SELECT revision FROM workspaces WHERE workspace_id = $1 FOR UPDATE;

-- find_workspace_by_slug --
-- The id behind the name that people type.
SELECT workspace_id FROM workspace_slugs WHERE slug = $1;

-- list_workspaces --
-- across workspaces: the operator's list, and the worker's round
SELECT workspace_id, slug, name, status FROM workspaces ORDER BY slug;

-- list_tenants --
-- across workspaces: what the operator of the installation sees of each
SELECT workspace_id, slug, name, status, settings FROM workspaces ORDER BY name, workspace_id;

-- workspaces_with_provider --
-- across workspaces: where the operator of the installation finds links to another product
SELECT DISTINCT workspace_id FROM sources WHERE provider = $1;

-- claim_slug --
-- Takes a slug; no row when another workspace has it.
INSERT INTO workspace_slugs (slug, workspace_id) VALUES ($1, $2)
ON CONFLICT DO NOTHING
RETURNING workspace_id;

-- insert_workspace --
-- A new tenant.
INSERT INTO workspaces (workspace_id, slug, name, status, revision, settings, created_at,
                        updated_at)
VALUES ($1, $2, $3, $4, 1, $5::jsonb, $6, $6);

-- insert_number --
-- Starts a counter of the workspace.
INSERT INTO numbers (workspace_id, kind, last) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING;

-- insert_lane --
-- Starts a lane of the update stream.
INSERT INTO lanes (workspace_id, lane, last, last_at) VALUES ($1, $2, 0, $3)
ON CONFLICT DO NOTHING;

-- update_workspace --
-- New name, status and settings.
UPDATE workspaces
   SET name = $2, status = $3, settings = $4::jsonb, revision = revision + 1, updated_at = $5
 WHERE workspace_id = $1;

-- touch_workspace --
-- A part of it changed: pictures of it are stale from now on.
UPDATE workspaces SET revision = revision + 1, updated_at = $2 WHERE workspace_id = $1;

-- list_nodes --
-- All nodes of the workspace, oldest first.
SELECT node_id, kind, name, settings
  FROM nodes
 WHERE workspace_id = $1
 ORDER BY created_at, name, node_id;

-- workspace_of_node --
-- across workspaces: an operator names a node by its id alone
SELECT workspace_id FROM nodes WHERE node_id = $1;

-- save_node --
-- Stores a node as it is now.
INSERT INTO nodes (workspace_id, node_id, kind, name, settings, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $6)
ON CONFLICT (workspace_id, node_id) DO UPDATE
   SET name = excluded.name, settings = excluded.settings, updated_at = excluded.updated_at;

-- list_sources --
-- All sources of the workspace, oldest first.
SELECT source_id, name, provider, node_ids, enabled, settings
  FROM sources
 WHERE workspace_id = $1
 ORDER BY created_at, source_id;

-- find_source --
-- One source.
SELECT source_id, name, provider, node_ids, enabled, settings
  FROM sources
 WHERE workspace_id = $1 AND source_id = $2;

-- save_source --
-- Stores a source as it is now.
INSERT INTO sources (workspace_id, source_id, name, provider, node_ids, enabled, settings,
                     created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $8)
ON CONFLICT (workspace_id, source_id) DO UPDATE
   SET name = excluded.name, provider = excluded.provider, node_ids = excluded.node_ids,
       enabled = excluded.enabled, settings = excluded.settings,
       updated_at = excluded.updated_at;

-- list_property_definitions --
-- Definitions of custom properties of every owner.
SELECT owner, name, definition
  FROM property_definitions
 WHERE workspace_id = $1
 ORDER BY owner, name;

-- save_property_definition --
-- Stores one definition as it is now.
INSERT INTO property_definitions (workspace_id, owner, name, definition, updated_at)
VALUES ($1, $2, $3, $4::jsonb, $5)
ON CONFLICT (workspace_id, owner, name) DO UPDATE
   SET definition = excluded.definition, updated_at = excluded.updated_at;

-- delete_property_definition --
-- Takes one definition away.
DELETE FROM property_definitions WHERE workspace_id = $1 AND owner = $2 AND name = $3;

-- give_back_numbers --
-- Numbers from $3 to $4 that nobody was given, if they are the last that were taken.
UPDATE numbers SET last = $3::bigint - 1 WHERE workspace_id = $1 AND kind = $2 AND last = $4;

-- next_numbers --
-- Takes $3 numbers of a kind; the last of them comes back.
UPDATE numbers SET last = last + $3::bigint WHERE workspace_id = $1 AND kind = $2 RETURNING last;

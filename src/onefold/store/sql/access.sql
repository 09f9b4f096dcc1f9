-- find_token --
-- The token with this SHA-256, usable or not.
SELECT digest, workspace_id, token_id, kind, subject_id, roles, node_ids, enabled, expires_at
  FROM tokens
 WHERE digest = $1;

-- save_token --
-- Stores a token's digest and what it may do; no row when another workspace has the digest.
INSERT INTO tokens (digest, workspace_id, token_id, kind, subject_id, roles, node_ids, enabled,
                    created_at, expires_at, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (digest) DO UPDATE
   SET roles = excluded.roles, node_ids = excluded.node_ids, enabled = excluded.enabled,
       expires_at = excluded.expires_at
 WHERE tokens.workspace_id = excluded.workspace_id
RETURNING token_id;

-- set_tokens_enabled --
-- Switches all tokens of one subject on or off.
UPDATE tokens SET enabled = $3 WHERE workspace_id = $1 AND subject_id = $2;

-- set_tokens_nodes --
-- Binds the tokens of one subject to other nodes, unless they reach every node.
UPDATE tokens SET node_ids = $3
 WHERE workspace_id = $1 AND subject_id = $2 AND node_ids IS NOT NULL;

-- list_tokens --
-- The tokens of a workspace, without anything that could be used.
SELECT digest, workspace_id, token_id, kind, subject_id, roles, node_ids, enabled, expires_at
  FROM tokens
 WHERE workspace_id = $1
 ORDER BY created_at;

-- delete_token --
-- Forgets one token for good.
DELETE FROM tokens WHERE workspace_id = $1 AND token_id = $2;

-- shown_tokens --
-- Sealed copies of tokens that may be shown again; of two of one subject the newer comes last.
SELECT subject_id, sealed
  FROM tokens
 WHERE workspace_id = $1 AND subject_id IS NOT NULL AND sealed IS NOT NULL
 ORDER BY created_at, token_id;

-- delete_tokens_of --
-- Forgets every token of one subject for good.
DELETE FROM tokens WHERE workspace_id = $1 AND subject_id = $2;

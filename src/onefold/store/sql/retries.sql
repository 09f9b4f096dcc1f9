-- claim_keys --
-- Takes keys that are new; what does not come back was used before.
INSERT INTO idempotency_keys (workspace_id, key, request, entity_id, at)
SELECT $1, n.key, n.request, '00000000-0000-0000-0000-000000000000', $2
  FROM unnest($3::text[], $4::bytea[]) AS n (key, request)
ON CONFLICT DO NOTHING
RETURNING key;

-- find_keys --
-- What was done under these keys.
SELECT key, request, entity_id
  FROM idempotency_keys
 WHERE workspace_id = $1 AND key = ANY($2::text[]);

-- settle_keys --
-- Says what was done under keys that were just taken.
UPDATE idempotency_keys
   SET entity_id = n.entity_id
  FROM unnest($2::text[], $3::uuid[]) AS n (key, entity_id)
 WHERE idempotency_keys.workspace_id = $1 AND idempotency_keys.key = n.key;

-- drop_keys --
-- Gives keys back under which nothing was done.
DELETE FROM idempotency_keys WHERE workspace_id = $1 AND key = ANY($2::text[]);

-- expire_keys --
-- Forgets keys that no retry will ask for any more.
DELETE FROM idempotency_keys WHERE workspace_id = $1 AND at < $2;

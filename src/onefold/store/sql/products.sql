-- save_products --
-- What events say of products: the newer word wins, an older one fills the gaps.
INSERT INTO products (workspace_id, product_id, facts, seen_at, updated_at)
SELECT $1, n.product_id, n.facts::jsonb, n.seen_at, $2
  FROM unnest($3::text[], $4::text[], $5::timestamptz[]) AS n (product_id, facts, seen_at)
ON CONFLICT (workspace_id, product_id) DO UPDATE
   SET facts = CASE WHEN excluded.seen_at >= products.seen_at
                    THEN products.facts || excluded.facts
                    ELSE excluded.facts || products.facts END,
       seen_at = GREATEST(products.seen_at, excluded.seen_at),
       updated_at = excluded.updated_at;

-- list_products --
-- Products after an id, in the order of their ids.
SELECT product_id, facts, seen_at
  FROM products
 WHERE workspace_id = $1 AND product_id > $2
 ORDER BY product_id
 LIMIT $3;

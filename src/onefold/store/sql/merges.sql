-- Customers of one entry node who were merged: the survivor and those hidden behind it.

-- find_survivors --
-- Of these customers, those that are merged with others, and behind whom they stand.
SELECT customer_id, COALESCE(merged_into, customer_id) AS survivor_id
  FROM customers
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[]) AND deleted_at IS NULL
   AND (merged_into IS NOT NULL
        OR EXISTS (SELECT 1 FROM customers AS hidden
                    WHERE hidden.workspace_id = $1
                      AND hidden.merged_into = customers.customer_id));

-- find_hidden --
-- Who stands behind these survivors.
SELECT customer_id, merged_into
  FROM customers
 WHERE workspace_id = $1 AND merged_into = ANY($2::uuid[]) AND deleted_at IS NULL
 ORDER BY customer_id;

-- hide_customers --
-- Puts customers behind others, or in front again where there is none.
UPDATE customers
   SET merged_into = n.survivor_id
  FROM unnest($2::uuid[], $3::uuid[]) AS n (customer_id, survivor_id)
 WHERE customers.workspace_id = $1 AND customers.customer_id = n.customer_id;

-- show_again --
-- Shows whoever stood behind customers that are removed without them.
UPDATE customers SET merged_into = NULL
 WHERE workspace_id = $1 AND merged_into = ANY($2::uuid[]);

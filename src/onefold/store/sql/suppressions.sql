-- Who was forgotten, as keyed hashes that only the sealing key can make again.

-- add_suppressions --
-- Marks of a customer who was just forgotten.
INSERT INTO suppressions (workspace_id, mark, customer_id, at)
SELECT $1, n.mark, $3, $4 FROM unnest($2::text[]) AS n (mark)
ON CONFLICT DO NOTHING;

-- find_suppressions --
-- Which of these marks belong to somebody who was forgotten.
SELECT DISTINCT mark FROM suppressions WHERE workspace_id = $1 AND mark = ANY($2::text[]);

-- drop_suppressions --
-- Whoever has one of these marks may come back: all marks of the same customers go.
DELETE FROM suppressions
 WHERE workspace_id = $1
   AND customer_id IN (SELECT s.customer_id FROM suppressions AS s
                        WHERE s.workspace_id = $1 AND s.mark = ANY($2::text[]))
RETURNING mark;

-- customers_with_value --
-- Whoever has this value, in any entry node: persons follow their customers.
SELECT DISTINCT i.customer_id
  FROM identifiers AS i
  JOIN nodes AS n ON n.workspace_id = $1 AND n.node_id = i.node_id AND n.kind = 'entry'
 WHERE i.workspace_id = $1 AND i.kind = $2 AND i.value = $3
 ORDER BY i.customer_id;

-- Rule 13: no row-IN over a sub-select, no MERGE.

-- kept_in_one_column --
SELECT name FROM nodes
 WHERE workspace_id = $1 AND node_id IN (SELECT node_id FROM sources WHERE workspace_id = $1);

-- kept_row_in_a_list --
SELECT name FROM nodes WHERE workspace_id = $1 AND (kind, name) IN (($2, $3), ($4, $5));

-- broken_row_in --
SELECT name FROM nodes WHERE workspace_id = $1
   AND (node_id, kind) IN (SELECT node_id, kind FROM sources WHERE workspace_id = $1);

-- broken_row_not_in --
DELETE FROM nodes WHERE workspace_id = $1
   AND (node_id, kind) NOT IN (SELECT a, b FROM unnest($2::uuid[], $3::text[]) AS d (a, b));

-- broken_merge --
MERGE INTO nodes n USING sources s ON n.workspace_id = $1 AND s.workspace_id = $1
 WHEN MATCHED THEN UPDATE SET name = s.name;

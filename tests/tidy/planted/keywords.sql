-- House style: keywords are upper-case, names are lower-case.

-- kept_keywords_as_names --
SELECT name, value, type, n.day AS position, coalesce(kind, $2) AS "order"
  FROM nodes n WHERE workspace_id = $1 AND name = ANY($3) AND deleted IS TRUE;

-- kept_functions --
SELECT left(name, 1), count(*) FILTER (WHERE kind = $2) FROM nodes
 WHERE workspace_id = $1 GROUP BY left(name, 1);

-- broken_select --
select name FROM nodes WHERE workspace_id = $1;

-- broken_and --
SELECT name FROM nodes WHERE workspace_id = $1 and kind = $2;

-- broken_mixed --
SELECT name From nodes WHERE workspace_id = $1;

-- broken_update_set --
UPDATE nodes set name = $2 WHERE workspace_id = $1;

-- broken_insert --
insert INTO nodes (workspace_id) values ($1);

-- broken_order_by --
SELECT name FROM nodes WHERE workspace_id = $1 ORDER by name;

-- broken_is_null --
SELECT name FROM nodes WHERE workspace_id = $1 AND kind is null;

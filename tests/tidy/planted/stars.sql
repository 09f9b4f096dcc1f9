-- House style: columns are listed.

-- kept_count --
SELECT count(*) FROM nodes WHERE workspace_id = $1;

-- broken_star --
SELECT * FROM nodes WHERE workspace_id = $1;

-- broken_qualified_star --
SELECT n.* FROM nodes n WHERE workspace_id = $1;

-- broken_returning_star --
DELETE FROM nodes WHERE workspace_id = $1 RETURNING *;

-- broken_star_inside --
SELECT s.name FROM (SELECT * FROM nodes WHERE workspace_id = $1) s;

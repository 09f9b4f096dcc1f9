-- Rule 8: each table of a statement is tied to one workspace.

-- kept_one_table --
SELECT name FROM nodes WHERE workspace_id = $1;

-- kept_cast_and_alias --
SELECT name FROM nodes AS n WHERE $1::uuid = n.workspace_id AND (kind = 'a' OR kind = 'b');

-- kept_global_table --
SELECT kind FROM tokens WHERE digest = $1;

-- kept_catalog --
SELECT extname FROM pg_catalog.pg_extension;

-- kept_join_on --
SELECT c.number FROM customers c
  JOIN nodes n ON n.workspace_id = c.workspace_id AND n.node_id = c.node_id
 WHERE c.workspace_id = $1;

-- kept_join_using --
SELECT number FROM customers JOIN nodes USING (workspace_id, node_id) WHERE workspace_id = $1;

-- kept_left_join_of_a_tied_side --
SELECT c.number FROM customers c LEFT JOIN nodes n ON n.workspace_id = $1
 WHERE c.workspace_id = $1;

-- kept_join_of_an_array --
SELECT c.number FROM unnest($2::uuid[]) AS d (id) JOIN customers c ON c.customer_id = d.id
 WHERE c.workspace_id = $1;

-- kept_correlated --
SELECT number FROM customers c
 WHERE c.workspace_id = $1
   AND EXISTS (SELECT 1 FROM links l
                WHERE l.workspace_id = c.workspace_id AND l.customer_id = c.customer_id);

-- kept_sub_select_that_gives_its_workspace --
SELECT s.n
  FROM (SELECT workspace_id, count(*) AS n FROM events WHERE workspace_id = $1
         GROUP BY workspace_id) s
  JOIN nodes n ON n.workspace_id = s.workspace_id;

-- kept_cte --
WITH due AS (SELECT workspace_id, job_id FROM jobs WHERE workspace_id = $1)
SELECT j.kind FROM jobs j JOIN due d ON j.workspace_id = d.workspace_id;

-- kept_recursive_cte --
WITH RECURSIVE up AS (
    SELECT workspace_id, id FROM links WHERE workspace_id = $1
     UNION ALL
    SELECT l.workspace_id, l.id FROM links l JOIN up ON l.workspace_id = up.workspace_id)
SELECT id FROM up;

-- kept_union --
SELECT a FROM x WHERE workspace_id = $1 UNION ALL SELECT b FROM y WHERE workspace_id = $1;

-- kept_lateral --
SELECT c.a, e.b FROM customers c,
       LATERAL (SELECT b FROM events WHERE events.workspace_id = c.workspace_id LIMIT 1) e
 WHERE c.workspace_id = $1;

-- kept_insert_values --
INSERT INTO nodes (workspace_id, name) VALUES ($1, $2), ($1, $3);

-- kept_insert_array --
INSERT INTO nodes (workspace_id, name) SELECT $1, d.name FROM unnest($2::text[]) AS d (name);

-- kept_insert_from_a_tied_table --
INSERT INTO links (id, workspace_id)
SELECT c.id, c.workspace_id FROM customers c WHERE c.workspace_id = $1;

-- kept_upsert --
INSERT INTO nodes (workspace_id, name) VALUES ($1, $2)
    ON CONFLICT (workspace_id, name) DO UPDATE SET name = excluded.name;

-- kept_insert_into_a_global_table --
INSERT INTO tokens (digest) VALUES ($1);

-- kept_update_from_an_array --
UPDATE customers SET number = d.n FROM unnest($2::uuid[], $3::bigint[]) AS d (id, n)
 WHERE workspace_id = $1 AND customer_id = d.id;

-- kept_update_from_a_table --
UPDATE customers c SET number = n.number FROM nodes n
 WHERE c.workspace_id = $1 AND n.workspace_id = c.workspace_id;

-- kept_delete --
DELETE FROM events WHERE workspace_id = $1 AND event_id = ANY($2);

-- kept_report --
-- across workspaces: the worker asks who has due jobs
SELECT workspace_id, count(*) FROM jobs WHERE run_at <= $1 GROUP BY workspace_id;

-- kept_report_with_a_join --
-- across workspaces: operators count
SELECT w.slug FROM workspaces w JOIN nodes n ON n.workspace_id = w.workspace_id;

-- broken_no_condition --
SELECT name FROM nodes;

-- broken_another_condition --
SELECT name FROM nodes WHERE node_id = $1;

-- broken_or --
SELECT name FROM nodes WHERE workspace_id = $1 OR kind = 'public';

-- broken_not --
SELECT name FROM nodes WHERE NOT workspace_id = $1;

-- broken_unequal --
SELECT name FROM nodes WHERE workspace_id <> $1;

-- broken_any_of_an_array --
SELECT name FROM nodes WHERE workspace_id = ANY($1);

-- broken_in --
SELECT name FROM nodes WHERE workspace_id IN ($1, $2);

-- broken_constant --
SELECT name FROM nodes WHERE workspace_id = '019a0000-0000-7000-8000-000000000000';

-- broken_another_column --
SELECT name FROM nodes WHERE workspace_id = node_id;

-- broken_join_on_another_column --
SELECT c.number FROM customers c JOIN nodes n ON n.node_id = c.node_id WHERE c.workspace_id = $1;

-- broken_join_using_another_column --
SELECT number FROM customers JOIN nodes USING (node_id) WHERE customers.workspace_id = $1;

-- broken_natural_join --
SELECT number FROM customers NATURAL JOIN nodes WHERE customers.workspace_id = $1;

-- broken_comma_join --
SELECT c.number FROM customers c, nodes n WHERE c.workspace_id = $1;

-- broken_left_join_does_not_filter_its_left --
SELECT c.number FROM customers c
  LEFT JOIN nodes n ON c.workspace_id = $1 AND n.workspace_id = $1;

-- broken_left_join_using_does_not_filter_its_left --
SELECT number FROM customers LEFT JOIN nodes USING (workspace_id) WHERE nodes.workspace_id = $1;

-- broken_full_join --
SELECT c.number FROM customers c FULL JOIN nodes n ON n.workspace_id = $1
 WHERE c.workspace_id = $1;

-- broken_array_of_workspaces --
SELECT c.number FROM unnest($1::uuid[]) AS d (workspace_id)
  JOIN customers c ON c.workspace_id = d.workspace_id;

-- broken_array_of_workspaces_in_a_sub_select --
SELECT c.number FROM (SELECT d.workspace_id FROM unnest($1::uuid[]) AS d (workspace_id)) s
  JOIN customers c ON c.workspace_id = s.workspace_id;

-- broken_tied_to_a_global_table --
SELECT c.number FROM tokens t JOIN customers c ON c.workspace_id = t.workspace_id
 WHERE t.digest = $1;

-- broken_correlated_by_customer_only --
SELECT number FROM customers c
 WHERE c.workspace_id = $1
   AND EXISTS (SELECT 1 FROM links l WHERE l.customer_id = c.customer_id);

-- broken_inner_table_hides_the_outer --
SELECT number FROM customers c
 WHERE c.workspace_id = $1 AND EXISTS (SELECT 1 FROM customers c WHERE c.number = $2);

-- broken_tied_inside_not_exists --
SELECT number FROM customers c
 WHERE NOT EXISTS (SELECT 1 FROM links l
                    WHERE l.workspace_id = $1 AND l.workspace_id = c.workspace_id);

-- broken_cte --
WITH every_job AS (SELECT workspace_id FROM jobs) SELECT 1 FROM every_job;

-- broken_cte_that_keeps_its_workspace_for_itself --
WITH due AS (SELECT node_id AS workspace_id FROM jobs WHERE workspace_id = $1)
SELECT n.name FROM nodes n JOIN due d ON n.workspace_id = d.workspace_id;

-- broken_sub_select_without_a_name --
SELECT name FROM (SELECT name FROM nodes);

-- broken_table_sample --
SELECT name FROM nodes TABLESAMPLE system (1);

-- broken_derived_columns_renamed --
SELECT n.name FROM (SELECT workspace_id, node_id FROM jobs WHERE workspace_id = $1)
       AS s (node_id, workspace_id)
  JOIN nodes n ON n.workspace_id = s.workspace_id;

-- broken_truncate --
TRUNCATE nodes;

-- broken_merge --
MERGE INTO nodes n USING unnest($1::uuid[]) AS d (id) ON n.node_id = d.id
 WHEN MATCHED THEN DELETE;

-- broken_copy --
COPY nodes TO STDOUT;

-- broken_union --
SELECT a FROM x WHERE workspace_id = $1 UNION ALL SELECT b FROM y;

-- broken_scalar_sub_select --
SELECT (SELECT count(*) FROM events) FROM nodes WHERE workspace_id = $1;

-- broken_insert_without_workspace --
INSERT INTO nodes (name) VALUES ($1);

-- broken_insert_without_columns --
INSERT INTO nodes VALUES ($1, $2);

-- broken_insert_of_a_constant_workspace --
INSERT INTO nodes (workspace_id, name) VALUES ($1, $2), ('x', $3);

-- broken_insert_of_an_array_of_workspaces --
INSERT INTO nodes (name, workspace_id)
SELECT d.name, d.workspace_id FROM unnest($1::text[], $2::uuid[]) AS d (name, workspace_id);

-- broken_insert_from_every_workspace --
INSERT INTO nodes (workspace_id, name) SELECT $1, name FROM sources;

-- broken_insert_returning_a_sub_select --
INSERT INTO nodes (workspace_id) VALUES ($1) RETURNING (SELECT count(*) FROM events);

-- broken_insert_into_a_global_table_from_every_workspace --
INSERT INTO tokens (digest) SELECT digest FROM sources;

-- broken_update --
UPDATE customers SET number = 1 WHERE customer_id = $1;

-- broken_update_that_moves --
UPDATE customers SET workspace_id = $2 WHERE workspace_id = $1;

-- broken_update_from_a_table --
UPDATE customers c SET number = n.number FROM nodes n WHERE c.workspace_id = $1;

-- broken_delete_using --
DELETE FROM events USING customers c WHERE c.workspace_id = $1;

-- broken_report_that_writes --
-- across workspaces: deletes are no reports
DELETE FROM events WHERE month < $1;

-- broken_report_without_a_reason --
-- across workspaces:
SELECT name FROM nodes;

-- broken_report_without_the_join --
-- across workspaces: a join still needs it
SELECT w.slug FROM workspaces w JOIN nodes n ON n.name = w.slug;

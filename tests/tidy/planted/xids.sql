-- Rule 7: no transaction ids, neither stored nor read.

-- kept_xmax_tells_an_insert_from_an_update --
INSERT INTO nodes (workspace_id) VALUES ($1)
    ON CONFLICT (workspace_id) DO UPDATE SET name = excluded.name RETURNING xmax = 0;

-- broken_xmin --
SELECT xmin FROM nodes WHERE workspace_id = $1;

-- broken_qualified_xmin --
SELECT name FROM nodes n WHERE workspace_id = $1 ORDER BY n.xmin;

-- broken_current_xact --
INSERT INTO updates (workspace_id, at_xid) VALUES ($1, pg_current_xact_id());

-- broken_snapshot --
SELECT name FROM updates WHERE workspace_id = $1
   AND position < pg_snapshot_xmin(pg_current_snapshot());

-- broken_txid --
SELECT txid_current();

-- broken_cast --
SELECT name FROM updates WHERE workspace_id = $1 AND at_xid < $2::xid8;

-- Rule 7: no stored transaction id.

-- kept_position --
CREATE TABLE updates (workspace_id uuid, position bigint, PRIMARY KEY (workspace_id, position));

-- broken_xid8 --
CREATE TABLE updates (workspace_id uuid PRIMARY KEY, written_by xid8);

-- broken_xid --
CREATE TABLE updates (workspace_id uuid PRIMARY KEY, writers xid[]);

-- broken_snapshot --
CREATE TABLE updates (workspace_id uuid PRIMARY KEY, seen pg_snapshot);

-- insert_piece --
-- The next piece of a job's file.
INSERT INTO uploads (workspace_id, job_id, piece, content) VALUES ($1, $2, $3, $4);

-- find_piece --
-- One piece; none behind the last.
SELECT content FROM uploads WHERE workspace_id = $1 AND job_id = $2 AND piece = $3;

-- list_pieces --
-- Every piece that there is, without its content.
SELECT job_id, piece FROM uploads WHERE workspace_id = $1 ORDER BY job_id, piece;

-- lock_piece --
-- One piece that may be changed.
SELECT content FROM uploads WHERE workspace_id = $1 AND job_id = $2 AND piece = $3 FOR UPDATE;

-- replace_piece --
-- The piece with something taken out, as long as before.
UPDATE uploads SET content = $4 WHERE workspace_id = $1 AND job_id = $2 AND piece = $3;

-- delete_upload --
-- The whole file.
DELETE FROM uploads WHERE workspace_id = $1 AND job_id = $2;

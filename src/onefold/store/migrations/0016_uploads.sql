-- The file of a job until the job has come to its end: in pieces that end where a line ends, as far
-- as lines are shorter than a piece.
CREATE TABLE uploads (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    job_id       uuid NOT NULL,
    piece        integer NOT NULL,
    content      bytea NOT NULL,
    PRIMARY KEY (workspace_id, job_id, piece)
);

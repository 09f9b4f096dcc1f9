-- People on staff: their roles, and the nodes on which they may work.
CREATE TABLE members (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    member_id    uuid NOT NULL,
    number       bigint NOT NULL,
    name         text NOT NULL,
    surname      text NOT NULL,
    username     text NOT NULL,
    email        text NOT NULL,
    language     text NOT NULL,
    roles        text[] NOT NULL,
    nodes        jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, member_id)
);
CREATE UNIQUE INDEX members_by_number ON members (workspace_id, number);
CREATE UNIQUE INDEX members_by_email ON members (workspace_id, email);

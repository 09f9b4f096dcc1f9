-- How many requests of a workspace were let in, in the minute that was counted last. There is no
-- foreign key: a count must not wait for a change of the workspace's rules.
CREATE TABLE throttles (
    workspace_id uuid PRIMARY KEY,
    minute       timestamptz NOT NULL,
    taken        bigint NOT NULL
);

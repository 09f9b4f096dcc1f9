-- Work that outlives a request, and what each batch of an import did, written with the batch.
CREATE TABLE jobs (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    job_id       uuid NOT NULL,
    kind         text NOT NULL,
    state        text NOT NULL,
    node_id      uuid,
    fingerprint  text,
    payload      jsonb NOT NULL,
    progress     jsonb NOT NULL,
    attempts     integer NOT NULL,
    run_at       timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    created_by   uuid,
    started_at   timestamptz,
    finished_at  timestamptz,
    leased_by    text,
    leased_until timestamptz,
    error        text,
    PRIMARY KEY (workspace_id, job_id)
);
CREATE INDEX jobs_due ON jobs (workspace_id, state, run_at);
CREATE INDEX jobs_by_fingerprint ON jobs (workspace_id, kind, fingerprint);

-- The same work is not begun twice: whoever comes second goes on with it, or is told.
CREATE UNIQUE INDEX jobs_unfinished ON jobs (workspace_id, kind, fingerprint)
 WHERE state IN ('LOADED', 'RUNNING', 'FAILED');

-- What a batch did: a letter of `outcomes` and one of `entity_ids` for each of its rows.
CREATE TABLE job_batches (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    job_id       uuid NOT NULL,
    batch        integer NOT NULL,
    rows_done    bigint NOT NULL,
    position     bigint NOT NULL,
    first_row    bigint NOT NULL,
    outcomes     text NOT NULL,
    entity_ids   uuid[] NOT NULL,
    problems     jsonb NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, job_id, batch)
);

-- A retry of the same call is answered with what the first one did.
CREATE TABLE idempotency_keys (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    key          text NOT NULL,
    request      bytea NOT NULL,
    entity_id    uuid NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

-- What figures need besides counts and totals: revenue, pieces and returns of purchases, and what
-- was done on a day (recorded, changed, deleted), which is not the day on which events happened.
ALTER TABLE event_rollups
    ADD COLUMN revenue numeric(20, 4) NOT NULL DEFAULT 0,
    ADD COLUMN units   numeric(20, 4) NOT NULL DEFAULT 0,
    ADD COLUMN returns bigint NOT NULL DEFAULT 0,
    ADD COLUMN added   bigint NOT NULL DEFAULT 0,
    ADD COLUMN changed bigint NOT NULL DEFAULT 0,
    ADD COLUMN removed bigint NOT NULL DEFAULT 0,
    ADD COLUMN gone    bigint NOT NULL DEFAULT 0;

-- `gone` came on that day and went since; the last three are what a day's writes changed in how
-- many customers can be reached by e-mail and mobile, by e-mail alone and by mobile alone.
ALTER TABLE node_rollups
    ADD COLUMN changed   bigint NOT NULL DEFAULT 0,
    ADD COLUMN gone      bigint NOT NULL DEFAULT 0,
    ADD COLUMN by_both   bigint NOT NULL DEFAULT 0,
    ADD COLUMN by_email  bigint NOT NULL DEFAULT 0,
    ADD COLUMN by_mobile bigint NOT NULL DEFAULT 0;

-- What each customer did, by day: so a range can be asked for, and what goes is subtracted. The
-- counters of events that are there already come back with `onefold rebuild`.
DROP TABLE customer_rollups;
CREATE TABLE customer_rollups (
    workspace_id uuid NOT NULL REFERENCES workspaces (workspace_id),
    customer_id  uuid NOT NULL,
    type         text NOT NULL,
    currency     text NOT NULL,
    day          date NOT NULL,
    events       bigint NOT NULL,
    amount       numeric(20, 4) NOT NULL,
    revenue      numeric(20, 4) NOT NULL,
    units        numeric(20, 4) NOT NULL,
    returns      bigint NOT NULL,
    PRIMARY KEY (workspace_id, customer_id, type, currency, day)
);

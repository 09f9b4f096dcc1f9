-- Marks of one forgotten customer belong together: whoever may come back may do so whole.
ALTER TABLE suppressions
    ADD COLUMN customer_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE suppressions DROP CONSTRAINT suppressions_pkey;
ALTER TABLE suppressions ADD PRIMARY KEY (workspace_id, mark, customer_id);

-- A source's token can be shown again to those who may: sealed under a key outside the database.
ALTER TABLE tokens ADD COLUMN sealed text;
CREATE INDEX tokens_by_subject ON tokens (workspace_id, subject_id);

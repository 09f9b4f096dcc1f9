-- Customers of one entry node whom people called the same: all but the oldest are hidden behind it.
-- It follows from person_decisions; the records themselves stay what they are.
ALTER TABLE customers ADD COLUMN merged_into uuid;
CREATE INDEX customers_by_merge ON customers (workspace_id, merged_into)
 WHERE merged_into IS NOT NULL;

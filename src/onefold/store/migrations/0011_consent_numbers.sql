-- Lines of the consent log are named by a number of their workspace, without gaps, so that a log
-- that went missing as a whole shows. `subject` is a keyed hash of the unique properties that the
-- customer had: it finds the lines of a customer who is gone.
ALTER TABLE consent_log
    ADD COLUMN number       bigint,
    ADD COLUMN subject      text,
    ADD COLUMN actor_kind   text,
    ADD COLUMN actor_number bigint;

UPDATE consent_log
   SET number = n.number
  FROM (SELECT workspace_id, customer_id, sequence,
               row_number() OVER (PARTITION BY workspace_id ORDER BY at, customer_id, sequence)
                   AS number
          FROM consent_log) AS n
 WHERE consent_log.workspace_id = n.workspace_id AND consent_log.customer_id = n.customer_id
   AND consent_log.sequence = n.sequence;

INSERT INTO numbers (workspace_id, kind, last)
SELECT workspace_id, 'consent', max(number) FROM consent_log GROUP BY workspace_id;

ALTER TABLE consent_log ALTER COLUMN number SET NOT NULL;
CREATE INDEX consent_log_by_number ON consent_log (workspace_id, number);
CREATE INDEX consent_log_by_time ON consent_log (workspace_id, at, number);
CREATE INDEX consent_log_by_subject ON consent_log (workspace_id, subject)
 WHERE subject IS NOT NULL;

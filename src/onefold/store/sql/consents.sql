-- append_consent_log --
-- New lines of the log, already chained.
INSERT INTO consent_log (workspace_id, customer_id, sequence, node_id, at, event, purpose, aspect,
                         before, after, notice_version, actor_id, previous, digest)
SELECT $1, n.customer_id, n.sequence, n.node_id, n.at, n.event, n.purpose, n.aspect, n.before,
       n.after, n.notice_version, n.actor_id, n.previous, n.digest
  FROM unnest($2::uuid[], $3::integer[], $4::uuid[], $5::timestamptz[], $6::text[], $7::text[],
              $8::text[], $9::boolean[], $10::boolean[], $11::text[], $12::uuid[], $13::bytea[],
              $14::bytea[])
       AS n (customer_id, sequence, node_id, at, event, purpose, aspect, before, after,
             notice_version, actor_id, previous, digest);

-- list_consent_log --
-- The log of one customer, oldest line first.
SELECT customer_id, sequence, node_id, at, event, purpose, aspect, before, after, notice_version,
       actor_id, previous, digest
  FROM consent_log
 WHERE workspace_id = $1 AND customer_id = $2
 ORDER BY sequence;

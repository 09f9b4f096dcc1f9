-- take_consent_numbers --
-- The next $2 numbers of the log; the last of them comes back.
INSERT INTO numbers (workspace_id, kind, last) VALUES ($1, 'consent', $2)
ON CONFLICT (workspace_id, kind) DO UPDATE SET last = numbers.last + excluded.last
RETURNING last;

-- append_consent_log --
-- New lines of the log, already chained, with the numbers after $2; a member who wrote one is noted
-- by number, as members come and go.
INSERT INTO consent_log (workspace_id, customer_id, sequence, number, node_id, subject, at, event,
                         purpose, aspect, before, after, notice_version, actor_kind, actor_id,
                         actor_number, previous, digest)
SELECT $1, n.customer_id, n.sequence, $2::bigint + n.place, n.node_id, n.subject, n.at, n.event,
       n.purpose, n.aspect, n.before, n.after, n.notice_version, n.actor_kind, n.actor_id,
       members.number, n.previous, n.digest
  FROM unnest($3::uuid[], $4::integer[], $5::uuid[], $6::text[], $7::timestamptz[], $8::text[],
              $9::text[], $10::text[], $11::boolean[], $12::boolean[], $13::text[], $14::text[],
              $15::uuid[], $16::bytea[], $17::bytea[]) WITH ORDINALITY
       AS n (customer_id, sequence, node_id, subject, at, event, purpose, aspect, before, after,
             notice_version, actor_kind, actor_id, previous, digest, place)
  LEFT JOIN members ON members.workspace_id = $1 AND members.member_id = n.actor_id;

-- list_consent_log --
-- The log of one customer, oldest line first.
SELECT customer_id, sequence, at, event, purpose, aspect, before, after, notice_version,
       actor_kind, actor_id, previous, digest
  FROM consent_log
 WHERE workspace_id = $1 AND customer_id = $2
 ORDER BY sequence;

-- list_consent_logs --
-- The logs of several customers, each from its oldest line on.
SELECT customer_id, sequence, at, event, purpose, aspect, before, after, notice_version,
       actor_kind, actor_id, previous, digest
  FROM consent_log
 WHERE workspace_id = $1 AND customer_id = ANY($2::uuid[])
 ORDER BY customer_id, sequence;

-- find_consent_line --
-- One line by its number; null does not restrict.
SELECT c.number, c.actor_number, c.customer_id, c.sequence, c.at, c.event, c.purpose,
       c.aspect, c.before, c.after, c.notice_version, c.actor_kind, c.actor_id, c.previous,
       c.digest
  FROM consent_log AS c
 WHERE c.workspace_id = $1 AND c.number = $2 AND ($3::uuid[] IS NULL OR c.node_id = ANY($3));

-- search_consent_log --
-- Lines of the log in the order of $8, then of their numbers; null does not restrict.
SELECT c.number, c.actor_number, c.customer_id, c.sequence, c.at, c.event, c.purpose,
       c.aspect, c.before, c.after, c.notice_version, c.actor_kind, c.actor_id, c.previous,
       c.digest
  FROM consent_log AS c
 WHERE c.workspace_id = $1
   AND ($2::uuid[] IS NULL OR c.customer_id = ANY($2))
   AND ($3::uuid[] IS NULL OR c.node_id = ANY($3))
   AND ($4::timestamptz IS NULL OR c.at >= $4) AND ($5::timestamptz IS NULL OR c.at < $5)
   AND ($6::text IS NULL OR c.event = $6)
   AND ($7::text IS NULL
        OR CASE WHEN c.purpose IS NOT NULL THEN c.purpose || '.' || c.aspect || '.'
                WHEN c.event = 'DISCLAIMER_READ' THEN 'notice.' END ^@ ($7 || '.'))
 ORDER BY CASE $8::text WHEN 'date' THEN c.at END,
          CASE $8 WHEN 'event' THEN c.event
                  WHEN 'path' THEN COALESCE(c.purpose || '.' || c.aspect, '')
                  WHEN 'customer' THEN c.customer_id::text END,
          c.number
OFFSET $9 LIMIT $10;

-- search_consent_log_down --
-- The same the other way round.
SELECT c.number, c.actor_number, c.customer_id, c.sequence, c.at, c.event, c.purpose,
       c.aspect, c.before, c.after, c.notice_version, c.actor_kind, c.actor_id, c.previous,
       c.digest
  FROM consent_log AS c
 WHERE c.workspace_id = $1
   AND ($2::uuid[] IS NULL OR c.customer_id = ANY($2))
   AND ($3::uuid[] IS NULL OR c.node_id = ANY($3))
   AND ($4::timestamptz IS NULL OR c.at >= $4) AND ($5::timestamptz IS NULL OR c.at < $5)
   AND ($6::text IS NULL OR c.event = $6)
   AND ($7::text IS NULL
        OR CASE WHEN c.purpose IS NOT NULL THEN c.purpose || '.' || c.aspect || '.'
                WHEN c.event = 'DISCLAIMER_READ' THEN 'notice.' END ^@ ($7 || '.'))
 ORDER BY CASE $8::text WHEN 'date' THEN c.at END DESC,
          CASE $8 WHEN 'event' THEN c.event
                  WHEN 'path' THEN COALESCE(c.purpose || '.' || c.aspect, '')
                  WHEN 'customer' THEN c.customer_id::text END DESC,
          c.number DESC
OFFSET $9 LIMIT $10;

-- newest_consent_lines --
-- The newest lines of a whole log, found through its index; null does not restrict.
SELECT c.number, c.actor_number, c.customer_id, c.sequence, c.at, c.event, c.purpose,
       c.aspect, c.before, c.after, c.notice_version, c.actor_kind, c.actor_id, c.previous,
       c.digest
  FROM consent_log AS c
 WHERE c.workspace_id = $1
   AND ($2::uuid[] IS NULL OR c.customer_id = ANY($2))
   AND ($3::uuid[] IS NULL OR c.node_id = ANY($3))
   AND ($4::timestamptz IS NULL OR c.at >= $4) AND ($5::timestamptz IS NULL OR c.at < $5)
   AND ($6::text IS NULL OR c.event = $6)
   AND ($7::text IS NULL
        OR CASE WHEN c.purpose IS NOT NULL THEN c.purpose || '.' || c.aspect || '.'
                WHEN c.event = 'DISCLAIMER_READ' THEN 'notice.' END ^@ ($7 || '.'))
 ORDER BY c.at DESC, c.number DESC
OFFSET $8 LIMIT $9;

-- count_consent_log --
-- How many lines a search finds in all.
SELECT count(*)
  FROM consent_log AS c
 WHERE c.workspace_id = $1
   AND ($2::uuid[] IS NULL OR c.customer_id = ANY($2))
   AND ($3::uuid[] IS NULL OR c.node_id = ANY($3))
   AND ($4::timestamptz IS NULL OR c.at >= $4) AND ($5::timestamptz IS NULL OR c.at < $5)
   AND ($6::text IS NULL OR c.event = $6)
   AND ($7::text IS NULL
        OR CASE WHEN c.purpose IS NOT NULL THEN c.purpose || '.' || c.aspect || '.'
                WHEN c.event = 'DISCLAIMER_READ' THEN 'notice.' END ^@ ($7 || '.'));

-- customers_of_subjects --
-- Whoever had these unique properties once, and is in the log.
SELECT DISTINCT customer_id
  FROM consent_log
 WHERE workspace_id = $1 AND subject = ANY($2::text[]);

-- list_chains --
-- Where the log of each customer ends, customers that are gone too; after an id.
SELECT customer_id, consent_entries, consent_head
  FROM customers
 WHERE workspace_id = $1 AND customer_id > $2
   AND (consent_entries > 0 OR consent_head IS NOT NULL)
 ORDER BY customer_id
 LIMIT $3;

-- numbers_of_log --
-- How many lines there are, and which numbers.
SELECT count(*) AS lines, COALESCE(min(number), 0) AS lowest, COALESCE(max(number), 0) AS highest,
       count(DISTINCT number) AS numbers
  FROM consent_log
 WHERE workspace_id = $1;

-- last_consent_number --
-- The number that was given last.
SELECT last FROM numbers WHERE workspace_id = $1 AND kind = 'consent';

-- Statements of the benchmarks: what the server is asked, and the floors that onefold is held
-- against. $1, $2 … are whole numbers drawn anew for each run where pgbench runs them.

-- server_settings --
-- What the figures are worth: the version and what durability costs.
SELECT current_setting('server_version') AS postgresql,
       current_setting('synchronous_commit') AS synchronous_commit,
       current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS full_page_writes,
       current_setting('shared_buffers') AS shared_buffers;

-- backend --
-- The process behind this connection; its parent is the server.
SELECT pg_backend_pid();

-- create_floor_events --
-- Events as plainly as they can be stored.
CREATE TABLE floor_events (
    event_id    uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    type        text NOT NULL,
    context     text NOT NULL,
    occurred_at timestamptz NOT NULL,
    properties  jsonb NOT NULL
);

-- index_floor_events --
-- The one index without which nobody keeps events.
CREATE INDEX floor_events_timeline ON floor_events (customer_id, occurred_at DESC);

-- insert_floor_events --
-- A group of rows, one array a column.
INSERT INTO floor_events (event_id, customer_id, type, context, occurred_at, properties)
SELECT n.event_id, n.customer_id, n.type, n.context, n.occurred_at, n.properties::jsonb
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
       AS n (event_id, customer_id, type, context, occurred_at, properties);

-- count_events --
-- Whether everything that was answered is stored: events, and what their counters say.
SELECT (SELECT count(*) FROM events WHERE workspace_id = $1)::bigint AS events,
       (SELECT COALESCE(sum(events), 0) FROM event_rollups WHERE workspace_id = $1)::bigint
           AS counted,
       (SELECT count(*) FROM updates WHERE workspace_id = $1 AND entity = 'EVENT')::bigint
           AS announced;

-- create_floor_customers --
-- One row a customer, unique by e-mail.
CREATE TABLE floor_customers (
    workspace_id uuid NOT NULL,
    email        text NOT NULL,
    profile      jsonb NOT NULL,
    version      integer NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, email)
);

-- upsert_floor_customer --
-- Half of the e-mails are known ($1 is 0 or 1): $2 is drawn from the known ones, $3 from many.
INSERT INTO floor_customers (workspace_id, email, profile, version, updated_at)
SELECT '00000000-0000-7000-8000-000000000001',
       'person' || n.number || '@shop.example',
       jsonb_build_object(
           'name', jsonb_build_object('given', 'Ada', 'family', 'Family ' || n.number),
           'birth_date', '1985-12-10', 'locale', 'it_IT', 'external_id', 'C-' || n.number,
           'next_key', 4,
           'contact_points', jsonb_build_array(
               jsonb_build_object('key', 1, 'kind', 'email', 'primary', true,
                                  'value', 'person' || n.number || '@shop.example'),
               jsonb_build_object('key', 2, 'kind', 'mobile', 'primary', true,
                                  'value', '+393331' || n.number)),
           'addresses', jsonb_build_array(
               jsonb_build_object('key', 3, 'primary', true, 'city', 'Torino', 'country', 'IT',
                                  'postal_code', '10121', 'street', 'Via Roma ' || n.number))),
       1, current_timestamp
  FROM (SELECT CASE WHEN $1::integer = 0 THEN $2::bigint ELSE $3::bigint END AS number) AS n
ON CONFLICT (workspace_id, email) DO UPDATE
   SET profile = floor_customers.profile || excluded.profile,
       version = floor_customers.version + 1, updated_at = excluded.updated_at;

-- create_floor_names --
-- Copies for the floor of the search, so that its index does not serve the other side.
CREATE TABLE floor_names AS
SELECT workspace_id, node_id, customer_id, updated_at, profile,
       profile #>> '{name,family}' AS family, profile #>> '{contact_points,0,value}' AS email
  FROM customers;

-- index_floor_families --
-- Finds a family name, newest first.
CREATE INDEX floor_names_family ON floor_names (family, updated_at DESC);

-- index_floor_emails --
-- Finds an e-mail.
CREATE INDEX floor_names_email ON floor_names (email);

-- index_floor_changes --
-- Finds whoever changed last.
CREATE INDEX floor_names_change ON floor_names (updated_at DESC, customer_id);

-- analyze_floor_names --
-- Lets the planner know the copies.
ANALYZE floor_names;

-- analyze_customers --
-- Lets the planner know what was just loaded, as autovacuum does a minute later.
ANALYZE customers;

-- analyze_identifiers --
-- The same for what customers are found by.
ANALYZE identifiers;

-- floor_search_email --
-- One customer by e-mail.
SELECT customer_id, profile::text AS profile
  FROM floor_names
 WHERE email = 'person' || $1::bigint || '@shop.example';

-- floor_search_family --
-- The first page of a family name; $1 is a number of people.family_of.
SELECT customer_id, profile::text AS profile
  FROM floor_names
 WHERE family = 'Rossi' || $1::bigint
 ORDER BY updated_at DESC
 LIMIT 10;

-- floor_search_newest --
-- The first page of everybody, newest first.
SELECT customer_id, profile::text AS profile
  FROM floor_names
 ORDER BY updated_at DESC, customer_id
 LIMIT 10;

-- analyze_event_rollups --
-- Lets the planner know the counters.
ANALYZE event_rollups;

-- rows_of_customers --
-- What an import wrote, to be copied back by the floor: the records.
SELECT * FROM customers WHERE workspace_id = $1;

-- rows_of_identifiers --
-- What they are found by.
SELECT * FROM identifiers WHERE workspace_id = $1;

-- rows_of_history --
-- What changed.
SELECT * FROM history WHERE workspace_id = $1;

-- rows_of_consent_log --
-- What they decided.
SELECT * FROM consent_log WHERE workspace_id = $1;

-- rows_of_updates --
-- What was announced.
SELECT * FROM updates WHERE workspace_id = $1;

-- rows_of_node_rollups --
-- How many came.
SELECT * FROM node_rollups WHERE workspace_id = $1;

-- rows_of_job_batches --
-- What each batch did.
SELECT * FROM job_batches WHERE workspace_id = $1;

-- count_customers --
-- Whether an import stored what its file has.
SELECT count(*)::bigint AS customers
  FROM customers
 WHERE workspace_id = $1 AND deleted_at IS NULL;

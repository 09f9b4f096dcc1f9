-- find_fact --
-- A fact about the whole installation, no row before it was noted.
SELECT value FROM installation WHERE name = $1;

-- note_fact --
-- Notes a fact once: of two processes that start together the first one counts.
INSERT INTO installation (name, value, noted_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

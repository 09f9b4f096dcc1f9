-- Design, section 3: the schema does not depend on the build.

-- kept_trigrams --
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- broken_citext --
CREATE EXTENSION IF NOT EXISTS citext;

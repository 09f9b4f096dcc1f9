"""What each table is, for the checks that keep every query able to run on a cluster."""

GLOBAL_TABLES: dict[str, str] = {
    "installation": "belongs to no workspace: facts about all of them, read once at start",
    "schema_migrations": "says what has been applied; local to the first server of a cluster",
    "workspace_slugs": "finds a workspace by the name that people type",
    "tokens": "finds the workspace of a caller",
}
"""Tables without workspace_id in their key, and why each is read before it is known."""

OWNED_BY_CUSTOMER: frozenset[str] = frozenset(
    {
        "customers",
        "history",
        "consent_log",
        "sessions",
        "events",
        "customer_rollups",
        "suppressions",
        "person_links",
        "match_keys",
        "person_ids",
        "person_decisions",
    }
)
"""Tables that a customer owns: customer_id is in their primary key."""

POINTS_AT_CUSTOMER: dict[str, str] = {
    "identifiers": "keyed by value; finding and claiming are look-ups by value",
    "updates": "keyed by position in the workspace's lane",
}
"""Tables that name a customer without being owned by one, and why."""

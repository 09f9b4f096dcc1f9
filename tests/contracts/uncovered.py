"""Statements of routed operations that no test names yet, each with the reason. Only shrinks."""

UNCOVERED: dict[str, str] = {}
"""Behaviour id -> why it has no test; a test fails when an id here is covered or not routed."""

"""Limits of what comes in over HTTP, in bytes and levels."""

BODY_BYTES_MAX = 65_536
"""What a JSON body of most operations may weigh."""

NESTING_MAX = 64
"""Levels of objects and lists in a JSON body; the record needs fewer than ten."""

HEAD_BYTES_MAX = 65_536
"""What the request line and the headers may weigh together; one piece more may be read."""

REQUEST_SECONDS_MAX = 60.0
"""How long a request may take to arrive."""

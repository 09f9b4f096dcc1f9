"""Limits of what comes in over HTTP, in bytes and levels."""

BODY_BYTES_MAX = 65_536
"""What a JSON body of most operations may weigh."""

NESTING_MAX = 64
"""Levels of objects and lists in a JSON body; the record needs fewer than ten."""

QUERY_BYTES_MAX = 16_384

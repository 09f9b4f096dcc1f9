"""Limits of what comes in over HTTP, in bytes and levels."""

BODY_BYTES_MAX = 65_536
"""What a JSON body of most operations may weigh."""

UPLOAD_BYTES_MAX = 104_857_600
"""What an uploaded file may weigh."""

UPLOAD_FIELD_BYTES_MAX = 1_000
"""What a field beside the file may weigh."""

UPLOAD_PARTS_MAX = 20

UPLOADS_AT_ONCE_MAX = 4
"""Of one process; others wait before their bodies are read."""

UPLOAD_MEMORY_BYTES = 1_048_576
"""How much of an upload is held in memory before it goes to a file without a name."""

NESTING_MAX = 64
"""Levels of objects and lists in a JSON body; the record needs fewer than ten."""

HEAD_BYTES_MAX = 65_536
"""What the request line and the headers may weigh together; one piece more may be read."""

REQUEST_SECONDS_MAX = 60.0
"""How long a request may take to arrive."""

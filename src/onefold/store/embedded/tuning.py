"""The settings of the embedded server: safe, and small enough to share a machine."""

import os

from onefold.store.embedded.home import Home

FILE_NAME = "onefold.settings.conf"
"""Beside postgresql.conf, which includes it; written anew at every start."""

SHARED_BUFFERS_MB_MIN = 128
SHARED_BUFFERS_MB_MAX = 256
_ROOM_FRACTION = 16

# A reader may change any of these in onefold.conf; what they must not change (no TCP, the socket
# and its mode) is said on the command line, which wins.
SETTINGS = {
    "max_connections": "100",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "pglz",  # lz4 is not in every build
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_destination": "stderr",
    "logging_collector": "off",
    # The log carries no personal data: statements and the DETAIL of an error hold values of rows.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}


def settings_text(home: Home) -> str:
    """Our settings, then the user's own, so that theirs win.

    Theirs are copied, not included: PostgreSQL's user need not be able to read their file.
    """
    lines = [
        "# Written by onefold at every start: changes here are lost.",
        f"# Put your own settings into {home.own_settings}",
        f"shared_buffers = {shared_buffers_mb()}MB",
        *(f"{name} = '{value}'" for name, value in SETTINGS.items()),
    ]
    if home.own_settings.exists():
        lines += [f"# from {home.own_settings}:", home.own_settings.read_text("utf-8")]
    return "\n".join(lines) + "\n"


def shared_buffers_mb() -> int:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(SHARED_BUFFERS_MB_MAX, max(SHARED_BUFFERS_MB_MIN, memory_mb // _ROOM_FRACTION))

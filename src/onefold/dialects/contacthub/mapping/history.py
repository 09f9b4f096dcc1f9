"""Versions of a customer; their fields keep the core's names, as Contacthub has none for them."""

from typing import Any

from onefold.dialects.contacthub.mapping.times import wire_time
from onefold.model.history import HistoryEntry

Wire = dict[str, Any]


def wire_version(entry: HistoryEntry) -> Wire:
    wire: Wire = {
        "version": entry.version,
        "date": wire_time(entry.at),
        "operation": entry.operation,
        "changes": [{"path": one.path, "old": one.old, "new": one.new} for one in entry.changes],
    }
    return wire if entry.actor_id is None else {**wire, "changedBy": str(entry.actor_id)}

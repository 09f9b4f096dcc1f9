"""Everything that actions need besides a transaction, put together once at start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from onefold.actions.directory import Directory
from onefold.actions.throttling import Throttle
from onefold.actions.transaction import Database
from onefold.model.event_catalog import EventCatalog


@dataclass(frozen=True, slots=True)
class Context:
    """What a door carries from start to stop; `clock` gives the time in UTC."""

    database: Database
    directory: Directory
    throttle: Throttle
    catalog: EventCatalog
    clock: Callable[[], datetime]

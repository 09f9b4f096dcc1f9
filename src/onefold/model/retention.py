"""How long events are kept, and which are due."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import NamedTuple
from uuid import UUID

from onefold.model.analytics import months_before
from onefold.model.errors import FieldError, Invalid

MONTHS_MAX = 1200
ENABLED_DEFAULT = False
"""History that was just imported must not vanish by itself: somebody switches retention on."""

Months = Mapping[str, int]
"""Event type -> how many months its events are kept."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What was decided for a node, or for the workspace.

    A type that is not named is left to the next wider place.
    """

    enabled: bool = ENABLED_DEFAULT
    months: Months = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """All that was decided in a workspace, over what the catalogue of event types says."""

    usual: Months
    workspace: Retention
    nodes: Mapping[UUID, Retention]

    def of_workspace(self) -> Months:
        return {**self.usual, **self.workspace.months}

    def of_node(self, node_id: UUID) -> Months:
        return {**self.of_workspace(), **self.own(node_id).months}

    def own(self, node_id: UUID) -> Retention:
        return self.nodes.get(node_id, Retention())


class Due(NamedTuple):
    """Events of a type in a node that happened before this day are past their retention."""

    node_id: UUID
    type: str
    before: date


class DueDay(NamedTuple):
    """A day of the workspace on which some of the due events of a node happened."""

    day: date
    node_id: UUID
    types: tuple[str, ...]


class Stock(NamedTuple):
    """Events of a type in a node: all, those past their retention, and the day of the oldest."""

    total: int
    expired: int
    oldest: date | None

    @property
    def valid(self) -> int:
        return self.total - self.expired


def due(
    rules: RetentionRules, node_ids: Iterable[UUID], *, at: datetime, zone: tzinfo
) -> Iterator[Due]:
    """Of every node and type, from which day on events are kept; whether or not it is swept.

    By whole days of the workspace, so that the counters tell how many are due; months are counted
    there too, as it may be another day in UTC.
    """
    here = at.astimezone(zone)
    for node_id in node_ids:
        for name, months in rules.of_node(node_id).items():
            yield Due(node_id, name, months_before(here, months).date())


def check_months(months: Months, known: Iterable[str], *, under: str = "") -> None:
    """Raises Invalid for types that there are not, and for a number that is none.

    `under` is where the months stand in what was sent, with a dot behind it.
    """
    types = frozenset(known)
    wrong = [
        FieldError(f"{under}{name}", "is not a known event type")
        for name in months
        if name not in types
    ]
    wrong += [
        FieldError(f"{under}{name}.months", f"must be a number from 1 to {MONTHS_MAX}")
        for name, many in months.items()
        if name in types and not 1 <= many <= MONTHS_MAX
    ]
    if wrong:
        raise Invalid("the retention policy is not valid", fields=tuple(wrong))

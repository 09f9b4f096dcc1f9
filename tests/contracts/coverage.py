"""Joins contracts, routes and marks: which statements are asked for, and which have a test."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tests.contracts.behaviours import Named


@dataclass(frozen=True)
class Coverage:
    """`known` are all statements by id; `routed` are served operations as dialect/operationId."""

    known: Mapping[str, str]
    routed: Collection[str]
    named: Collection[Named]
    excused: Mapping[str, str]

    @property
    def covered(self) -> set[str]:
        return {one.id for one in self.named if one.trouble is None}

    @property
    def asked(self) -> list[str]:
        """Statements that must have a test: those of served operations, and of whole contracts."""
        return [id_ for id_ in self.known if is_asked(id_, self.routed)]

    def open(self) -> list[str]:
        """What must have a test or an excuse, and has neither."""
        return [id_ for id_ in self.asked if id_ not in self.covered | self.excused.keys()]

    def idle_excuses(self) -> list[str]:
        """Excuses for what has a test, is not served or does not exist, and those without words."""
        asked = set(self.asked)
        return [
            id_
            for id_, reason in self.excused.items()
            if id_ in self.covered or id_ not in asked or not reason.strip()
        ]

    def troubles(self) -> list[str]:
        """Marks that do not count, or name what no contract says."""
        wrong = [f"{one.place} {one.id} {one.trouble}" for one in self.named if one.trouble]
        return wrong + [
            f"{one.place} {one.id} is in no contract"
            for one in self.named
            if not one.trouble and one.id not in self.known
        ]


def is_asked(behaviour: str, routed: Collection[str]) -> bool:
    dialect, operation, _ = behaviour.split("/")
    return operation == "-" or f"{dialect}/{operation}" in routed

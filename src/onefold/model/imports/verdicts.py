"""What became of each row: one verdict, counted exactly, and the first problems in detail."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from onefold.model.ids import NIL

PROBLEMS_KEPT_MAX = 1_000
"""Problems of one job that are kept in detail; all are counted by kind."""

REASON_CHARS_MAX = 300


class Verdict(StrEnum):
    """One letter each, so that the outcomes of a batch are one short text."""

    CREATED = "c"
    MERGED = "m"
    UNCHANGED = "u"
    RECORDED = "e"
    DELETED = "d"
    REFUSED = "r"

    @property
    def word(self) -> str:
        return self.name.lower()


class ProblemKind(StrEnum):
    """Why a row was refused, or lost a value."""

    COLUMNS = "columns"  # more or fewer than the header
    ENCODING = "encoding"  # bytes that are no text
    TOO_LONG = "too_long"  # a line above the limit
    QUOTES = "quotes"  # quotes that do not pair
    JSON = "json"  # a line that is no object
    UNKNOWN = "unknown"  # a field of a JSON line that goes nowhere
    VALUE = "value"  # a value of the wrong form
    RULE = "rule"  # a rule of the record, the node or the event type
    CONFLICT = "conflict"  # it would equal another customer
    MISSING = "missing"  # a customer who is not there
    DROPPED = "dropped"  # the row was stored without this value


class Problem(NamedTuple):
    """`row` counts from 1, without the header; `column` is empty when it is about the row."""

    row: int
    kind: ProblemKind
    column: str
    reason: str


class RowVerdict(NamedTuple):
    """`entity_id` is the nil UUID for a refused row; `problem` is also a dropped value's."""

    row: int
    verdict: Verdict
    entity_id: UUID
    problem: Problem | None = None


def refused(problem: Problem) -> RowVerdict:
    return RowVerdict(problem.row, Verdict.REFUSED, NIL, problem)


def shortened(reason: str) -> str:
    """A reason that fits a line; what is broken may be quoted and long."""
    return reason if len(reason) <= REASON_CHARS_MAX else reason[: REASON_CHARS_MAX - 1] + "…"


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an import is: rows by verdict, problems by kind, and the place in the file."""

    rows: int = 0
    created: int = 0
    merged: int = 0
    unchanged: int = 0
    refused: int = 0
    events: int = 0
    deleted: int = 0
    position: int = 0
    batches: int = 0
    kept: int = 0
    problems: Mapping[str, int] = field(default_factory=dict)

    def with_batch(self, verdicts: Iterable[RowVerdict], *, position: int) -> "Tally":
        """The tally after a batch whose last row ends at `position` bytes of the file."""
        found = list(verdicts)
        words = Counter(one.verdict for one in found)
        kinds = Counter(self.problems)
        kinds.update(one.problem.kind.value for one in found if one.problem is not None)
        return replace(
            self,
            rows=self.rows + len(found),
            created=self.created + words[Verdict.CREATED],
            merged=self.merged + words[Verdict.MERGED],
            unchanged=self.unchanged + words[Verdict.UNCHANGED],
            refused=self.refused + words[Verdict.REFUSED],
            events=self.events + words[Verdict.RECORDED],
            deleted=self.deleted + words[Verdict.DELETED],
            position=position,
            batches=self.batches + 1,
            kept=self.kept + len(problems_to_keep(self, found)),
            problems=dict(sorted(kinds.items())),
        )

    def document(self) -> dict[str, Any]:
        """As a job keeps it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def tally_of(document: Mapping[str, Any]) -> Tally:
    """The tally that a job kept; what a job of another kind keeps is passed over."""
    known = {name: document[name] for name in Tally.__dataclass_fields__ if name in document}
    return Tally(**known)


def problems_to_keep(before: Tally, verdicts: Iterable[RowVerdict]) -> list[Problem]:
    """Those of a batch that are kept in detail, given what was kept before it."""
    room = PROBLEMS_KEPT_MAX - before.kept
    found = (one.problem for one in verdicts if one.problem is not None)
    return [problem for problem, _ in zip(found, range(room), strict=False)]

"""A row on its way: what it says, or why it cannot be used; made while the database works."""

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from onefold.actions.imports.reading import Row
from onefold.model.errors import Conflict, Invalid, NotFound, Refusal
from onefold.model.ids import NIL
from onefold.model.imports.compiling import RowMapper
from onefold.model.imports.filling import BadValue, Dropped
from onefold.model.imports.verdicts import Problem, ProblemKind, RowVerdict, Verdict, shortened

Item = TypeVar("Item")


class Prepared(NamedTuple, Generic[Item]):
    """`item` is None beside a problem that refuses the row; else the problem is a lost value."""

    row: int
    item: Item | None
    problem: Problem | None = None

    @property
    def refusal(self) -> RowVerdict:
        """The verdict on a row without an item."""
        return RowVerdict(self.row, Verdict.REFUSED, NIL, self.problem)


def lost_values(row: int, dropped: Sequence[Dropped]) -> Problem | None:
    """The note on a row that was stored without some of its values."""
    if not dropped:
        return None
    first, *others = dropped
    reason = "; ".join([first.reason, *(f"{one.column} {one.reason}" for one in others)])
    return Problem(row, ProblemKind.DROPPED, first.column, shortened(reason))


def unusable(row: int, bad: BadValue, mapper: RowMapper) -> Problem:
    """A value that refuses its row, told by its column where it came under a core path."""
    return Problem(row, bad.kind, mapper.column_of(bad.column), bad.reason)


def unread(row: Row) -> Prepared[Any]:
    """A row that could not be cut or decoded."""
    return Prepared(row.number, None, row.problem)


def refusal_problem(row: int, refusal: Refusal, mapper: RowMapper) -> Problem:
    """Why the core refused a row, in the words of the file."""
    if isinstance(refusal, Invalid) and refusal.fields:
        first, *others = refusal.fields
        more = (f"{mapper.column_of(one.path)} {one.message}" for one in others)
        reason = "; ".join([first.message, *more])
        return Problem(row, ProblemKind.RULE, mapper.column_of(first.path), shortened(reason))
    if isinstance(refusal, Conflict):
        other = (refusal.detail or {}).get("customer_id")
        reason = f"it would equal customer {other}" if other else refusal.message
        return Problem(row, ProblemKind.CONFLICT, "", reason)
    kind = ProblemKind.MISSING if isinstance(refusal, NotFound) else ProblemKind.RULE
    return Problem(row, kind, "", shortened(refusal.message))

"""Tallies and ids: exact whatever the size of the file."""

from datetime import UTC, datetime
from uuid import UUID

from onefold.actions.imports.disk import SLOTS_AT_START, DiskTable
from onefold.model.ids import NIL, month_of
from onefold.model.imports.events import derived_id
from onefold.model.imports.verdicts import (
    PROBLEMS_KEPT_MAX,
    Problem,
    ProblemKind,
    RowVerdict,
    Tally,
    Verdict,
    problems_to_keep,
    tally_of,
)

WORKSPACE, NODE = UUID(int=1), UUID(int=2)
MOMENT = datetime(1997, 1, 1, tzinfo=UTC)


def refused(row: int) -> RowVerdict:
    problem = Problem(row, ProblemKind.VALUE, "born", "is not a valid date")
    return RowVerdict(row, Verdict.REFUSED, NIL, problem)


class TestATally:
    def test_counts_verdicts_and_kinds_of_problems(self) -> None:
        dropped = Problem(3, ProblemKind.DROPPED, "born", "is not a valid date")
        verdicts = [
            RowVerdict(1, Verdict.CREATED, NODE),
            refused(2),
            RowVerdict(3, Verdict.MERGED, NODE, dropped),
            RowVerdict(4, Verdict.UNCHANGED, NODE),
            RowVerdict(5, Verdict.RECORDED, NODE),
        ]

        tally = Tally().with_batch(verdicts, position=99)

        assert (tally.rows, tally.created, tally.merged, tally.unchanged) == (5, 1, 1, 1)
        assert (tally.events, tally.refused, tally.position, tally.batches) == (1, 1, 99, 1)
        assert tally.problems == {"dropped": 1, "value": 1}

    def test_survives_being_stored(self) -> None:
        tally = Tally().with_batch([refused(1)], position=7)

        assert tally_of({**tally.document(), "revert": {"next": 3}}) == tally
        assert tally_of({}) == Tally()

    def test_keeps_the_first_problems_and_counts_all(self) -> None:
        tally = Tally()
        kept = 0
        for start in range(0, 2500, 500):
            batch = [refused(row) for row in range(start, start + 500)]
            kept += len(problems_to_keep(tally, batch))
            tally = tally.with_batch(batch, position=start)

        assert kept == tally.kept == PROBLEMS_KEPT_MAX
        assert tally.problems == {"value": 2500}


class TestDerivedIds:
    def test_are_the_same_for_the_same_row_and_no_other(self) -> None:
        def make(
            identity: str = "a", occurrence: int = 1, scope: tuple[UUID, UUID] = (WORKSPACE, NODE)
        ) -> UUID:
            return derived_id(scope, identity, occurrence, occurred_at=MOMENT)

        assert make() == make()
        others = {make("b"), make(occurrence=2), make(scope=(NODE, WORKSPACE)), make()}
        assert len(others) == 4

    def test_lie_in_the_month_of_the_event(self) -> None:
        made = derived_id((WORKSPACE, NODE), "a", 1, occurred_at=MOMENT)

        assert str(month_of(made)) == "1997-01-01"
        assert made.version == 7


class TestADiskTable:
    def test_keeps_more_than_it_had_room_for(self) -> None:
        table = DiskTable()
        many = SLOTS_AT_START * 2
        for key in range(many):
            table.put(key * 2_654_435_761 % 2**64, key + 1)

        assert all(table.get(key * 2_654_435_761 % 2**64) == key + 1 for key in range(1, many, 97))
        assert table.get(12345) == 0
        table.close()

    def test_tells_colliding_keys_apart(self) -> None:
        table = DiskTable()
        keys = [number * SLOTS_AT_START for number in range(1, 50)]
        for key in keys:
            table.put(key, key % 1000 + 1)

        assert [table.get(key) for key in keys] == [key % 1000 + 1 for key in keys]
        table.close()

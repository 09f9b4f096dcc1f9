"""Decisions and their chained log."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from onefold.model.consents import (
    CHAIN_START,
    Author,
    Chain,
    Consent,
    ConsentEntry,
    Consents,
    Decision,
    Notice,
    chained_entry,
    decisions_between,
    is_intact,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN = UUID("00000000-0000-7000-8000-000000000001")
BOB = UUID("00000000-0000-7000-8000-000000000002")
YES = Decision("soft_spam.email", "status", None, after=True)


def next_line(chain: Chain, decision: Decision | None = YES) -> ConsentEntry:
    return chained_entry(
        decision, event="E", chain=chain, at=NOON, notice_version="v1", author=Author()
    )


def log_of(many: int) -> tuple[list[ConsentEntry], Chain]:
    chain, lines = Chain(ANN), []
    for _ in range(many):
        line = next_line(chain)
        lines.append(line)
        chain = Chain(ANN, line.sequence, line.digest)
    return lines, chain


class TestDecisionsBetween:
    def test_are_none_when_only_the_notice_differs(self) -> None:
        assert list(decisions_between(Consents(), Consents(Notice(version="v2")))) == []

    def test_name_every_aspect_that_differs_in_a_fixed_order(self) -> None:
        before = Consents(purposes={"profiling.online": Consent(status=True, objection=False)})
        after = Consents(
            purposes={
                "profiling.online": Consent(status=False, limitation=True),
                "marketing.automatic.email": Consent(status=True),
            }
        )

        assert list(decisions_between(before, after)) == [
            Decision("marketing.automatic.email", "status", None, after=True),
            Decision("profiling.online", "status", before=True, after=False),
            Decision("profiling.online", "limitation", None, after=True),
            Decision("profiling.online", "objection", before=False, after=None),
        ]


class TestChain:
    def test_starts_from_nothing(self) -> None:
        line = next_line(Chain(ANN))

        assert line.sequence == 1
        assert line.previous == CHAIN_START
        assert line.digest.hex() == (
            "ce06a95a6c8236518948dccd78f28e8147f070fe046dd5d2bbdc3a8ddae96952"
        )

    def test_goes_on_from_the_line_before(self) -> None:
        lines, _ = log_of(3)

        assert [line.sequence for line in lines] == [1, 2, 3]
        assert lines[2].previous == lines[1].digest

    def test_of_the_same_moment_in_another_zone_is_the_same(self) -> None:
        line = chained_entry(
            YES,
            event="E",
            chain=Chain(ANN),
            at=NOON.astimezone(timezone(timedelta(hours=2))),
            notice_version="v1",
            author=Author(),
        )

        assert line.digest == next_line(Chain(ANN)).digest


class TestIsIntact:
    @pytest.mark.parametrize("many", [0, 1, 5])
    def test_holds_for_a_log_as_it_was_written(self, many: int) -> None:
        assert is_intact(*log_of(many))

    @pytest.mark.parametrize(
        "forged",
        [
            {"at": NOON + timedelta(microseconds=1)},
            {"event": "F"},
            {"decision": None},
            {"decision": replace(YES, after=False)},
            {"notice_version": "v2"},
            {"author": Author("source", BOB)},
            {"author": Author("member")},
            {"customer_id": BOB},
            {"sequence": 3},
            {"previous": CHAIN_START},
            {"digest": CHAIN_START},
        ],
    )
    def test_fails_when_a_line_was_changed(self, forged: dict[str, object]) -> None:
        lines, chain = log_of(3)

        assert not is_intact([lines[0], replace(lines[1], **forged), lines[2]], chain)  # type: ignore[arg-type] # any field

    def test_fails_when_a_line_is_missing_wherever_it_stood(self) -> None:
        lines, chain = log_of(3)

        assert not is_intact(lines[1:], chain)
        assert not is_intact([lines[0], lines[2]], chain)
        assert not is_intact(lines[:2], chain)

    def test_fails_for_the_log_of_somebody_else(self) -> None:
        lines, chain = log_of(3)

        assert not is_intact(lines, replace(chain, customer_id=BOB))

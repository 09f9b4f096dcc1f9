"""Shares of a minute's requests: few of them, and never more than the limit."""

from datetime import UTC, datetime

from onefold.model.throttling import Allowance, minute_of, throttled

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def spend(allowance: Allowance, taken: int) -> tuple[int, int, int]:
    """Use a minute up alone: how many were let in, by how many writes, and the count then."""
    let_in = writes = 0
    while not allowance.is_spent:
        taken += allowance.next_share
        allowance = allowance.filled(taken)
        writes += 1
        while allowance.left:
            allowance = allowance.used()
            let_in += 1
    return let_in, writes, taken


class TestAllowance:
    def test_lets_in_the_limit_and_no_more(self) -> None:
        for limit in (1, 2, 31, 32, 33, 100, 6000):
            assert spend(Allowance.fresh(NOON, limit), 0)[0] == limit

    def test_takes_few_writes(self) -> None:
        assert spend(Allowance.fresh(NOON, 6000), 0)[1] < 250
        assert spend(Allowance.fresh(NOON, 1_000_000), 0)[1] < 500

    def test_leaves_what_others_have_taken(self) -> None:
        assert spend(Allowance.fresh(NOON, 100), 40)[0] == 60
        assert spend(Allowance.fresh(NOON, 100), 99)[0] == 1
        assert spend(Allowance.fresh(NOON, 100), 100)[0] == 0
        assert spend(Allowance.fresh(NOON, 100), 500)[0] == 0

    def test_wastes_a_small_share_at_most(self) -> None:
        idle = Allowance.fresh(NOON, 6400).filled(200)

        assert idle.left == 200
        assert spend(Allowance.fresh(NOON, 6400), 200)[0] == 6200


class TestWaiting:
    def test_ends_with_the_minute(self) -> None:
        late = NOON.replace(second=59, microsecond=999_999)

        assert minute_of(late) == NOON
        assert throttled(late).retry_after_seconds == 1
        assert throttled(NOON).retry_after_seconds == 60

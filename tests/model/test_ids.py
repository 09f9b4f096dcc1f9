"""Time-ordered ids."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.model.ids import milliseconds, month_of, uuid7

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC))


class TestUuid7:
    def test_starts_with_the_milliseconds_since_1970(self) -> None:
        assert uuid7(NOON, bytes(10)) == UUID("019cae6b-6600-7000-8000-000000000000")

    def test_is_the_same_for_the_same_noise(self) -> None:
        assert uuid7(NOON, b"0123456789") == uuid7(NOON, b"0123456789")
        assert uuid7(NOON, b"0123456789") != uuid7(NOON, b"012345678A")

    def test_differs_each_time_without_noise(self) -> None:
        assert len({uuid7(NOON) for _ in range(1000)}) == 1000

    def test_differs_in_every_thread(self) -> None:
        with ThreadPoolExecutor(4) as threads:
            made = list(threads.map(lambda _: uuid7(NOON), range(8000)))

        assert len(set(made)) == 8000

    def test_differs_in_a_forked_child(self) -> None:
        uuid7(NOON)
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.write(writing, uuid7(NOON).bytes)
            os._exit(0)

        assert UUID(bytes=os.read(reading, 16)) not in {uuid7(NOON) for _ in range(1000)}
        os.wait()

    @given(MOMENTS)
    def test_is_a_version_7_id_for_every_moment(self, at: datetime) -> None:
        made = uuid7(at)

        assert made.version == 7
        assert made.variant == "specified in RFC 4122"

    @given(MOMENTS, MOMENTS)
    def test_orders_by_time(self, one: datetime, other: datetime) -> None:
        if milliseconds(one) < milliseconds(other):
            assert uuid7(one) < uuid7(other)


class TestMonthOf:
    @pytest.mark.parametrize(
        ("at", "month"),
        [
            (NOON, date(2026, 3, 1)),
            (datetime(1, 1, 1, tzinfo=UTC), date(1970, 1, 1)),
            (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), date(1970, 1, 1)),
            (datetime(1970, 2, 1, tzinfo=UTC), date(1970, 2, 1)),
            (datetime(2026, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC), date(2026, 3, 1)),
            (datetime(2026, 4, 1, 1, 0, tzinfo=timezone(timedelta(hours=2))), date(2026, 3, 1)),
            (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), date(9999, 12, 1)),
        ],
    )
    def test_is_the_month_in_utc_in_which_the_id_was_made(self, at: datetime, month: date) -> None:
        assert month_of(uuid7(at)) == month

    def test_of_an_id_above_every_calendar_is_the_last_one(self) -> None:
        assert month_of(UUID(int=2**128 - 1)) == date(9999, 12, 1)

    @given(st.uuids())
    def test_is_found_for_every_id_that_a_caller_may_send(self, identifier: UUID) -> None:
        assert month_of(identifier).day == 1

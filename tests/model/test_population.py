"""What customers add to the counters of their nodes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from onefold.model.customers import ContactKind, ContactPoint, Customer, Profile
from onefold.model.ids import uuid7
from onefold.model.population import (
    Stay,
    count_arrivals,
    count_changes,
    count_departures,
    count_stays,
    reach_of,
    without_days_of_reach,
)
from onefold.model.rollups import NodeCount, sum_counts

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
COUNTER = UUID("00000000-0000-7000-8000-00000000000a")
MONDAY, TUESDAY = (date(2026, 3, 2), COUNTER), (date(2026, 3, 3), COUNTER)


def profile(*kinds: ContactKind, value: str | None = "x", primary: bool = True) -> Profile:
    points = tuple(ContactPoint(1, kind, value, primary=primary) for kind in kinds)
    return Profile(contact_points=points)


def customer(*kinds: ContactKind) -> Customer:
    return Customer(uuid7(NOON), COUNTER, 1, profile(*kinds), 1, NOON, None, NOON, None)


class TestReachOf:
    @pytest.mark.parametrize(
        ("known", "reach"),
        [
            (profile(ContactKind.EMAIL, ContactKind.MOBILE), NodeCount(by_both=1)),
            (profile(ContactKind.EMAIL), NodeCount(by_email=1)),
            (profile(ContactKind.MOBILE, ContactKind.FAX), NodeCount(by_mobile=1)),
            (profile(ContactKind.LANDLINE), NodeCount()),
            (profile(ContactKind.EMAIL, primary=False), NodeCount()),
            (profile(ContactKind.EMAIL, value=None), NodeCount()),
            (Profile(), NodeCount()),
        ],
    )
    def test_asks_for_the_primary_ones(self, known: Profile, reach: NodeCount) -> None:
        assert reach_of(known) == reach


class TestCounts:
    def test_tell_who_came_changed_and_went(self) -> None:
        came = customer(ContactKind.EMAIL)
        later = replace(came, version=2, updated_at=NOON + DAY, profile=profile(ContactKind.MOBILE))
        again = replace(later, version=3)

        assert count_arrivals([came], zone=UTC) == {MONDAY: NodeCount(added=1, by_email=1)}
        assert count_changes([(came, later), (later, again)], zone=UTC, at=NOON + DAY) == {
            TUESDAY: NodeCount(changed=1, by_email=-1, by_mobile=1)
        }
        assert count_departures([again], zone=UTC, at=NOON + DAY) == {
            TUESDAY: NodeCount(removed=1, by_mobile=-1),
            MONDAY: NodeCount(gone=1),
        }

    def test_agree_with_what_can_be_told_afterwards(self) -> None:
        stays, goes = customer(ContactKind.EMAIL), customer(ContactKind.MOBILE)
        told = sum_counts(
            count_arrivals([stays, goes], zone=UTC),
            count_departures([goes], zone=UTC, at=NOON + DAY),
        )

        later = count_stays(
            [
                Stay(COUNTER, NOON, None, stays.profile),
                Stay(COUNTER, NOON, NOON + DAY, Profile()),
            ],
            zone=UTC,
        )

        assert sum_counts(without_days_of_reach(told)) == sum_counts(without_days_of_reach(later))

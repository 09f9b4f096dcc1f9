"""Random changes of a customer, for laws that hold whatever is written."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from onefold.model.changes import CustomerChange, ListChange, ListRule, SubscriptionChange
from onefold.model.consents import ASPECTS, PURPOSES
from onefold.model.customers import (
    Address,
    ContactKind,
    ContactPoint,
    Device,
    Education,
    Employment,
    Like,
    Preference,
)

_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
few = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=_SLOW)
some = settings(few, max_examples=60)
many = settings(max_examples=1000, deadline=None, suppress_health_check=_SLOW)
"""How long a law is tried: each time, each time without a database, and where it is slow."""

LETTERS = "abAB12 é'\"\\/~.%_$@{}[]:,;-\n\t\U0001f600"
"""What quoting, escaping and folding can get wrong; no NUL and no lone surrogate."""

TEXT = st.text(LETTERS, max_size=6)
NAMES = ("a", "b", "a/b", "~", "~1", "é", "it's", '"', "$", "likes", "consents")
NAME = st.sampled_from(NAMES)
IDS = st.sampled_from(["1", "2", "3", "10", "a/b", "~0", ""])
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=9.5))])
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES)  # noqa: DTZ001 - the strategy adds a zone
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(-(10**15), 10**15)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
KINDS = st.sampled_from(list(ContactKind))
ADDRESSES = st.sampled_from(
    ["a@shop.example", "B@shop.example", "+393331234567", "333 123 4567", "no number", ""]
)
PURPOSE_PATHS = st.builds(
    "consents.{}.{}".format, st.sampled_from(PURPOSES[:3]), st.sampled_from(ASPECTS)
)

POINT = st.builds(
    ContactPoint,
    key=st.just(0),
    kind=KINDS,
    value=st.none() | ADDRESSES,
    name=st.none() | NAME,
    type=st.none() | st.just("work"),
    primary=st.booleans(),
)
ADDRESS = st.builds(
    Address,
    key=st.just(0),
    city=st.none() | st.sampled_from(["Pavia", "Lodi"]),
    extra_lines=st.just(()) | st.just(("c/o",)),
    primary=st.booleans(),
)
ITEMS: dict[str, st.SearchStrategy[Any]] = {
    "contact_points": POINT,
    "addresses": ADDRESS,
    "devices": st.builds(Device, identifier=st.none() | IDS, name=st.none() | NAME),
    "educations": st.builds(Education, id=IDS, start_year=st.none() | st.integers(0, 9999)),
    "employments": st.builds(Employment, id=IDS, start_date=st.none() | DAYS),
    "likes": st.builds(Like, id=IDS, name=st.none() | TEXT, created_at=st.none() | MOMENTS),
    "tags.auto": TEXT,
    "tags.manual": TEXT,
}
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "external_id": TEXT,
    "name.given": TEXT,
    "name.family": TEXT,
    "birth_date": DAYS,
    "locale": st.sampled_from(["it_IT", "de-CH", "x"]),
    "national_id": st.sampled_from(["RSSMRA85T10A562S", "12345", ""]),
    "extra": TEXT,
    "enabled": st.booleans(),
    "address.city": TEXT,
    "address.country": st.sampled_from(["IT", "ch", "Italy"]),
    "address.latitude": st.floats(-90, 90),
    "address.extra_lines": st.lists(TEXT, max_size=2).map(tuple),
    "credential.username": TEXT,
    "notice.version": TEXT,
    "notice.date": MOMENTS,
    **{f"contact.{kind}": ADDRESSES for kind in ContactKind},
}
VALUES = (
    st.one_of(
        *(st.tuples(st.just(path), st.none() | strategy) for path, strategy in _VALUES.items())
    )
    | st.tuples(st.builds("handles.{}".format, NAME), st.none() | TEXT)
    | st.tuples(
        st.builds("{}.{}".format, st.sampled_from(["custom", "details", "choices"]), NAME), JSON
    )
    | st.tuples(PURPOSE_PATHS, st.none() | st.booleans())
)
LISTS = st.sampled_from(sorted(ITEMS)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.builds(
            ListChange,
            items=st.lists(ITEMS[name], max_size=4).map(tuple),
            rule=st.sampled_from(ListRule),
        ),
    )
)
SUBSCRIPTIONS = st.builds(
    SubscriptionChange,
    id=IDS,
    values=st.fixed_dictionaries(
        {},
        optional={
            "name": st.none() | TEXT,
            "subscribed": st.none() | st.booleans(),
            "start_date": st.none() | MOMENTS,
            "registered_at": st.none() | MOMENTS,
            "updated_at": st.none() | MOMENTS,
            "subscribe_context": st.none() | st.dictionaries(TEXT, JSON, max_size=2),
            "preferences": st.none()
            | st.lists(st.builds(Preference, key=TEXT, value=TEXT), max_size=2).map(tuple),
        },
    ),
)
CHANGES = st.builds(
    CustomerChange,
    values=st.lists(VALUES, max_size=6).map(dict),
    lists=st.lists(LISTS, max_size=3).map(dict),
    subscriptions=st.lists(SUBSCRIPTIONS, max_size=2, unique_by=lambda one: one.id).map(tuple),
    cleared=st.frozensets(
        st.sampled_from(["custom", "handles", "details", "choices", "consents", "notice"]),
        max_size=1,
    ),
)
"""Any change that a door could hand in; APPEND and REPLACE in equal parts."""

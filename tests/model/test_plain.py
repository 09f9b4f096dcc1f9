"""Plain changes come to what the record in between would have come to."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.model.changes import CustomerChange, apply_change
from onefold.model.customers import EMPTY_PROFILE, Tags
from onefold.model.documents import document_of
from onefold.model.matching import value_at
from onefold.model.plain import plain_record
from tests.strategies import CHANGES, TEXT, many

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FULL = TEXT.filter(bool)
PLAIN = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("external_id", "gender", "locale", "timezone", "picture", "extra"), FULL),
        **dict.fromkeys(("name.given", "name.family", "name.display", "name.title"), FULL),
        **dict.fromkeys(("contact.fax", "contact.email", "contact.mobile", "contact.other"), FULL),
        **dict.fromkeys(("address.city", "address.country", "address.name"), FULL),
        "address.latitude": st.floats(-90, 90) | st.integers(-90, 90),
        "birth_date": st.dates(),
    },
)
SHUFFLED = PLAIN.flatmap(lambda values: st.permutations(list(values.items()))).map(dict)
PATHS = (
    *("contact.email", "contact.landline", "address.city", "name.given", "birth_date"),
    *("external_id", "enabled", "tags.manual", "custom.a", "notice.date"),
)


class TestPlainRecord:
    @many
    @given(values=SHUFFLED)
    def test_is_what_the_change_makes_of_nobody(self, values: dict[str, Any]) -> None:
        change = CustomerChange(values=values)

        record = plain_record(change)

        assert record is not None
        profile = apply_change(EMPTY_PROFILE, change, at=NOON)
        assert record.document == document_of(profile)
        for path in PATHS:
            assert record.find(path) == value_at(profile, path)

    @many
    @given(change=CHANGES)
    def test_is_given_for_no_change_that_takes_more(self, change: CustomerChange) -> None:
        record = plain_record(change)

        if record is not None:
            assert record.document == document_of(apply_change(EMPTY_PROFILE, change, at=NOON))

    @pytest.mark.parametrize(
        "values",
        [
            {"external_id": None},
            {"external_id": ""},
            {"national_id": "756.9217.0769.85"},
            {"enabled": True},
            {"address.extra_lines": ("c/o",)},
            {"address.key": 7},
            {"custom.tier": "gold"},
            {"consents.marketing.automatic.sms.status": True},
            {"birth_date": NOON},
            {"tags": Tags()},
        ],
    )
    def test_is_not_made_of_what_needs_the_record(self, values: dict[str, Any]) -> None:
        assert plain_record(CustomerChange(values=values)) is None

    def test_gives_keys_in_the_order_in_which_the_groups_come(self) -> None:
        values = {"address.city": "Bari", "contact.fax": "1", "address.country": "IT"}

        record = plain_record(CustomerChange(values=values | {"birth_date": date(1980, 5, 17)}))

        assert record is not None
        assert record.document == {
            "birth_date": "1980-05-17",
            "addresses": [{"key": 1, "primary": True, "city": "Bari", "country": "IT"}],
            "contact_points": [{"key": 2, "kind": "fax", "value": "1", "primary": True}],
            "next_key": 3,
        }

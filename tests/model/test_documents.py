"""Profiles as JSON documents."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.model.changes import CustomerChange, apply_change
from onefold.model.consents import Consent, Consents, Notice
from onefold.model.customers import (
    Address,
    ContactKind,
    ContactPoint,
    Education,
    Employment,
    Name,
    Profile,
    Subscription,
    Tags,
)
from onefold.model.documents import document_of, same_json, same_profile
from tests.strategies import CHANGES, some

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class TestDocumentOf:
    def test_an_empty_profile_is_empty(self) -> None:
        assert document_of(Profile()) == {}

    def test_a_profile_holds_what_is_known_and_nothing_else(self) -> None:
        profile = Profile(
            external_id="A1",
            name=Name(given="Ann"),
            birth_date=date(1980, 1, 2),
            contact_points=(ContactPoint(1, ContactKind.EMAIL, "ann@shop.example", primary=True),),
            addresses=(Address(2, primary=True, city="Pavia", latitude=0.0),),
            next_key=3,
            tags=Tags(manual=("vip",)),
            consents=Consents(Notice(date=NOON), {"soft_spam.email": Consent(status=False)}),
            employments=(Employment("1", start_date=date(2001, 2, 3), current=False),),
            enabled=False,
        )

        assert document_of(profile) == {
            "external_id": "A1",
            "name": {"given": "Ann"},
            "birth_date": "1980-01-02",
            "contact_points": [
                {"key": 1, "kind": "email", "value": "ann@shop.example", "primary": True}
            ],
            "addresses": [{"key": 2, "primary": True, "city": "Pavia", "latitude": 0.0}],
            "next_key": 3,
            "tags": {"manual": ["vip"]},
            "consents": {
                "notice": {"date": "2026-03-02T12:00:00+00:00"},
                "purposes": {"soft_spam.email": {"status": False}},
            },
            "employments": [{"id": "1", "start_date": "2001-02-03", "current": False}],
            "enabled": False,
        }

    def test_free_values_are_kept_to_the_letter(self) -> None:
        free = {"empty": {}, "list": [], "null": {"a": None}, "text": ""}
        profile = Profile(
            custom=free, details=free, subscriptions=(Subscription("n", subscribe_context={}),)
        )

        assert document_of(profile) == {
            "custom": {"empty": {}, "list": [], "null": {"a": None}, "text": ""},
            "details": {"empty": {}, "list": [], "null": {"a": None}, "text": ""},
            "subscriptions": [{"id": "n", "subscribe_context": {}}],
        }

    def test_an_item_without_content_stays_an_item(self) -> None:
        assert document_of(Profile(educations=(Education("1"),))) == {"educations": [{"id": "1"}]}

    @some
    @given(st.lists(CHANGES, max_size=3))
    def test_every_profile_comes_back_from_its_document(
        self, changes: list[CustomerChange]
    ) -> None:
        profile = Profile()
        for change in changes:
            profile = apply_change(profile, change, at=NOON)

        text = msgspec.json.encode(document_of(profile))

        assert msgspec.json.decode(text, type=Profile) == profile
        assert msgspec.json.decode(text) == document_of(profile)


class TestSameJson:
    @pytest.mark.parametrize(
        ("one", "other"),
        [(True, 1), (0, False), ({"a": [True]}, {"a": [1]}), ("1", 1), (None, False), ([], {})],
    )
    def test_tells_apart_what_json_does(self, one: object, other: object) -> None:
        assert not same_json(one, other)
        assert not same_json(other, one)

    @pytest.mark.parametrize(
        ("one", "other"), [(1, 1.0), ({"a": 1, "b": [True]}, {"b": [True], "a": 1}), (None, None)]
    )
    def test_takes_for_one_what_json_does(self, one: object, other: object) -> None:
        assert same_json(one, other)

    def test_a_profile_differs_when_a_custom_number_becomes_a_boolean(self) -> None:
        assert not same_profile(Profile(custom={"a": 1}), Profile(custom={"a": True}))
        assert same_profile(Profile(custom={"a": 1}), Profile(custom={"a": 1.0}))

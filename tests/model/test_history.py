"""What changed, applied and taken back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.model.changes import CustomerChange, apply_change
from onefold.model.customers import Profile
from onefold.model.documents import Document, document_of
from onefold.model.history import FieldChange, applied, difference, first_change, reverted
from tests.strategies import CHANGES, many, some

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def likes(*ids: str) -> Document:
    return {"likes": [{"id": one} for one in ids]}


class TestDifference:
    def test_is_empty_for_equal_documents(self) -> None:
        assert difference({"a": 1, "b": {"c": 2}}, {"b": {"c": 2}, "a": 1}) == ()

    def test_names_each_field_by_a_json_pointer(self) -> None:
        old = {"external_id": "A1", "name": {"given": "Ann", "family": "Lee"}}
        new = {"name": {"given": "Bea", "family": "Lee"}, "gender": "f"}

        assert difference(old, new) == (
            FieldChange("/external_id", "A1", None),
            FieldChange("/gender", None, "f"),
            FieldChange("/name/given", "Ann", "Bea"),
        )

    def test_escapes_odd_names(self) -> None:
        old: Document = {"custom": {"a/b": 1, "c~d": 1, "": 1, "~1": 1}}
        new: Document = {"custom": {"a/b": 2, "c~d": 2, "": 2, "~1": 2}}

        assert [one.path for one in difference(old, new)] == [
            "/custom/",
            "/custom/a~1b",
            "/custom/c~0d",
            "/custom/~01",
        ]

    def test_follows_an_item_by_its_key(self) -> None:
        old = {"contact_points": [{"key": 7, "value": "a"}, {"key": 9, "value": "b"}]}
        new = {"contact_points": [{"key": 7, "value": "a"}, {"key": 9, "value": "c"}]}

        assert difference(old, new) == (
            FieldChange("/contact_points/9", {"key": 9, "value": "b"}, {"key": 9, "value": "c"}),
        )

    def test_tells_the_order_only_when_the_items_do_not(self) -> None:
        assert difference(likes("1", "2"), likes("1", "2", "3")) == (
            FieldChange("/likes/3", None, {"id": "3"}),
        )
        assert difference(likes("1", "2"), likes("2", "1")) == (
            FieldChange("/likes", ["1", "2"], ["2", "1"]),
        )
        assert difference(likes("1", "2"), likes("2")) == (
            FieldChange("/likes/1", {"id": "1"}, None),
            FieldChange("/likes", ["1", "2"], ["2"]),
        )

    def test_tells_a_number_from_a_boolean(self) -> None:
        assert difference({"custom": {"a": 1}}, {"custom": {"a": True}}) == (
            FieldChange("/custom/a", 1, True),
        )

    def test_takes_a_custom_property_that_is_called_like_a_list_for_what_it_is(self) -> None:
        old: Document = {"custom": {"likes": ["x"]}}
        new: Document = {"custom": {"likes": ["y"]}}
        changes = difference(old, new)

        assert changes == (FieldChange("/custom/likes", ["x"], ["y"]),)
        assert applied(old, changes) == new
        assert reverted(new, changes) == (old, [])


class TestReverted:
    def test_keeps_what_was_changed_again_since(self) -> None:
        changes = difference(
            {"gender": "f", "name": {"given": "Ann"}}, {"gender": "m", "name": {"given": "Bea"}}
        )
        present = {"gender": "x", "name": {"given": "Bea", "family": "Lee"}}

        assert reverted(present, changes) == (
            {"gender": "x", "name": {"given": "Ann", "family": "Lee"}},
            ["/gender"],
        )

    def test_takes_a_creation_back_to_nothing(self) -> None:
        assert reverted({"gender": "f"}, first_change({"gender": "f"})) == ({}, [])

    def test_keeps_a_creation_that_was_changed_since(self) -> None:
        changes = first_change({"gender": "f"})

        assert reverted({"gender": "m"}, changes) == ({"gender": "m"}, [""])

    def test_puts_a_removed_item_back_in_its_place(self) -> None:
        changes = difference(likes("1", "2", "3"), likes("1", "3"))

        assert reverted(likes("1", "3"), changes) == (likes("1", "2", "3"), [])

    def test_puts_a_removed_item_behind_when_the_order_has_changed_since(self) -> None:
        changes = difference(likes("1", "2", "3"), likes("1", "3"))

        assert reverted(likes("3", "1"), changes) == (likes("3", "1", "2"), ["/likes"])

    def test_leaves_its_argument_alone(self) -> None:
        present: dict[str, Any] = {"name": {"given": "Bea"}}

        reverted(present, (FieldChange("/name/given", "Ann", "Bea"),))

        assert present == {"name": {"given": "Bea"}}


def lead_forward_and_back(first: CustomerChange, second: CustomerChange) -> None:
    """The history of the second change, applied and taken back."""
    before = apply_change(Profile(), first, at=NOON)
    old, new = document_of(before), document_of(apply_change(before, second, at=NOON))

    changes = difference(old, new)

    assert applied(old, changes) == new
    assert reverted(new, changes) == (old, [])
    assert (changes == ()) is (old == new)


class TestEveryHistory:
    @some
    @given(CHANGES, CHANGES)
    def test_leads_forward_and_back(self, first: CustomerChange, second: CustomerChange) -> None:
        lead_forward_and_back(first, second)

    @some
    @given(st.lists(CHANGES, min_size=1, max_size=5))
    def test_replays_to_the_record(self, changes: list[CustomerChange]) -> None:
        profile = Profile()
        document: Document = {}
        for change in changes:
            after = apply_change(profile, change, at=NOON)
            document = applied(document, difference(document_of(profile), document_of(after)))
            profile = after

        assert document == document_of(profile)

    @pytest.mark.slow
    @many
    @given(CHANGES, CHANGES)
    def test_leads_forward_and_back_a_thousand_times(
        self, first: CustomerChange, second: CustomerChange
    ) -> None:
        lead_forward_and_back(first, second)

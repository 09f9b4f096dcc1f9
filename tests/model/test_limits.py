"""Lengths that a record holds."""

from typing import Any

import pytest

from onefold.model.changes import CustomerChange, ListChange, ListRule, SubscriptionChange
from onefold.model.customers import Address, ContactKind, ContactPoint, Device
from onefold.model.limits import limit_errors


def paths(change: CustomerChange) -> list[str]:
    return [one.path for one in limit_errors(change)]


def listed(name: str, *items: object) -> CustomerChange:
    return CustomerChange(lists={name: ListChange(items, ListRule.APPEND)})


class TestLimitErrors:
    @pytest.mark.parametrize(
        ("path", "most"),
        [
            ("name.given", 255),
            ("external_id", 255),
            ("contact.email", 255),
            ("handles.x", 255),
            ("notice.version", 255),
            ("address.city", 255),
            ("address.street", 500),
            ("picture", 1000),
            ("extra", 65_536),
        ],
    )
    def test_start_one_above_what_a_field_holds(self, path: str, most: int) -> None:
        assert paths(CustomerChange(values={path: "x" * most})) == []
        assert paths(CustomerChange(values={path: "x" * (most + 1)})) == [path]

    def test_leave_custom_values_to_their_definitions(self) -> None:
        assert paths(CustomerChange(values={"custom.a": "x" * 9999})) == []

    @pytest.mark.parametrize("value", [None, 5, True, 1.5])
    def test_leave_what_is_no_text(self, value: Any) -> None:
        assert paths(CustomerChange(values={"name.given": value})) == []

    def test_count_all_tags_of_a_list_together(self) -> None:
        assert paths(listed("tags.auto", "x" * 500, "y" * 500)) == []
        assert paths(listed("tags.auto", "x" * 500, "y" * 501)) == ["tags.auto"]

    def test_name_the_item_and_its_field(self) -> None:
        point = ContactPoint(0, ContactKind.EMAIL, "x" * 256)

        assert paths(listed("contact_points", ContactPoint(0, ContactKind.FAX), point)) == [
            "contact_points.1.value"
        ]
        assert paths(listed("devices", Device(name="x" * 256))) == ["devices.0.name"]

    def test_of_a_street_are_the_same_for_every_address(self) -> None:
        assert paths(listed("addresses", Address(0, street="x" * 500))) == []
        assert paths(listed("addresses", Address(0, street="x" * 501))) == ["addresses.0.street"]

    def test_name_the_subscription_and_its_field(self) -> None:
        change = CustomerChange(
            subscriptions=(
                SubscriptionChange("n", {"name": "x" * 255}),
                SubscriptionChange("x" * 256, {"name": "y" * 256}),
            )
        )

        assert paths(change) == ["subscriptions.1.id", "subscriptions.1.name"]

    def test_hold_for_the_name_of_a_handle_too(self) -> None:
        assert paths(CustomerChange(values={"handles." + "x" * 255: "ann"})) == []
        assert paths(CustomerChange(values={"handles." + "x" * 256: "ann"})) == ["handles"]

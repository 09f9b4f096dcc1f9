"""The types of events there are, and what their properties must meet."""

from typing import Any

import pytest

from onefold.assembly.files import read_contract
from onefold.model.errors import FieldError
from onefold.model.event_catalog import EventCatalog
from onefold.model.properties import Definitions

NEEDY = {"addedReward", "grantedCoupon", "removedReward"}
"""The published schemas of these three have properties that are required."""

EXTENDED = {
    "event:viewedPage": {"colour": {"schema": {"type": "string"}}},
    "product": {"weight": {"schema": {"type": "number"}}},
}


@pytest.fixture(scope="module")
def catalog() -> EventCatalog:
    return EventCatalog(read_contract("contacthub-events"))


def findings(
    catalog: EventCatalog, event_type: str, properties: dict[str, Any], context: str = "WEB"
) -> tuple[FieldError, ...]:
    return catalog.findings(
        event_type,
        context,
        properties=properties,
        context_info=None,
        definitions=Definitions(EXTENDED),
    )


class TestEventCatalog:
    def test_knows_48_types_and_9_contexts(self, catalog: EventCatalog) -> None:
        assert len(catalog.types) == 48
        assert len(catalog.contexts) == 9
        assert {one.mode for one in catalog.types.values()} == {"ACTIVE", "PASSIVE"}

    def test_accepts_an_event_without_properties_but_for_three_types(
        self, catalog: EventCatalog
    ) -> None:
        refused = {name for name in catalog.types if findings(catalog, name, {})}

        assert refused == NEEDY

    def test_accepts_every_context_without_information(self, catalog: EventCatalog) -> None:
        for context in catalog.contexts:
            assert (
                catalog.findings(
                    "viewedPage",
                    context,
                    properties={},
                    context_info={},
                    definitions=Definitions({}),
                )
                == ()
            )

    def test_names_a_type_or_context_that_is_not_known(self, catalog: EventCatalog) -> None:
        assert findings(catalog, "danced", {}) == (FieldError("type", "is not a known event type"),)
        assert findings(catalog, "viewedPage", {}, "DREAM") == (
            FieldError("context", "is not a known context"),
        )

    def test_names_the_place_of_a_finding(self, catalog: EventCatalog) -> None:
        found = findings(catalog, "completedOrder", {"amount": {"total": "much"}, "nope": 1})

        assert {one.path for one in found} == {"properties.amount.total", "properties.nope"}

    def test_checks_the_information_of_a_context(self, catalog: EventCatalog) -> None:
        found = catalog.findings(
            "viewedPage",
            "WEB",
            properties={},
            context_info={"client": 5},
            definitions=Definitions({}),
        )

        assert [one.path for one in found] == ["contextInfo.client"]

    def test_checks_custom_parts_by_their_own_definitions(self, catalog: EventCatalog) -> None:
        assert findings(catalog, "viewedPage", {"extended": {"colour": "red"}}) == ()
        (wrong,) = findings(catalog, "viewedPage", {"extended": {"colour": 5}})
        assert wrong.path == "properties.extended.colour"
        (other,) = findings(catalog, "viewedProduct", {"extended": {"colour": "red"}})
        assert other.path == "properties.extended.colour"

    def test_checks_custom_parts_of_products(self, catalog: EventCatalog) -> None:
        products = [
            {"id": "1", "extended": {"weight": 1}},
            {"id": "2", "extended": {"weight": "x"}},
        ]

        found = findings(catalog, "abandonedCart", {"products": products})

        assert [one.path for one in found] == ["properties.products.1.extended.weight"]

    @pytest.mark.parametrize("odd", [None, 5, "x", [1], ["x"], [None], [[]], {"a": 1}])
    def test_does_not_fail_at_a_custom_part_of_a_wrong_form(
        self, catalog: EventCatalog, odd: object
    ) -> None:
        for name in catalog.types:
            findings(catalog, name, {"extended": odd})
            findings(catalog, name, {"products": odd})

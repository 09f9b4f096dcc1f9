"""contacthub-sdk-python 0.2 from PyPI: events."""

from datetime import UTC, datetime
from typing import Any

import pytest
from contacthub.errors.api_error import APIError
from contacthub.models import Properties
from contacthub.models.customer import Customer
from contacthub.models.event import Event
from contacthub.node import Node

from tests.dialects.contacthub.published.conftest import fresh_email

ORDER: dict[str, Any] = {
    "orderId": "o-1",
    "amount": {"total": 12.5, "local": {"currency": "EUR", "exchangeRate": 1}},
    "products": [{"id": "p-1", "name": "Tea", "price": 6.25, "quantity": 2}],
}


@pytest.fixture
def ada(node: Node) -> Customer:
    return node.add_customer(externalId=fresh_email(), base={"contacts": {"email": fresh_email()}})


def brought_back(node: Node, kind: str, value: str) -> Properties:
    return Properties(type=kind, value=value, nodeId=node.node_id)


class TestEvents:
    def test_of_a_customer_are_read_by_it(self, node: Node, ada: Customer) -> None:
        node.add_event(
            customerId=ada.id,
            type=Event.TYPES.COMPLETED_ORDER,
            context=Event.CONTEXTS.ECOMMERCE,
            properties=Properties(**ORDER),
            date=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        )

        (found,) = ada.get_events()

        assert (found.type, found.context) == ("completedOrder", "ECOMMERCE")
        assert found.date == "2026-01-02T03:04:05.000+0000"
        assert found.properties.to_dict() == ORDER
        assert node.get_event(id=found.id).to_dict() == found.to_dict()

    def test_are_found_by_type_context_mode_and_date(self, node: Node, ada: Customer) -> None:
        for day in (1, 2, 3):
            Event(
                node=node,
                customerId=ada.id,
                type=Event.TYPES.VIEWED_PAGE,
                context=Event.CONTEXTS.WEB,
                properties=Properties(title=str(day)),
                date=datetime(2026, 1, day, tzinfo=UTC),
            ).post()
        node.add_event(customerId=ada.id, type="loggedIn", context="MOBILE", properties={})

        found = node.get_events(
            customer_id=ada.id,
            event_type=Event.TYPES.VIEWED_PAGE,
            context=Event.CONTEXTS.WEB,
            event_mode=Event.MODES.ACTIVE,
            date_from=datetime(2026, 1, 2, tzinfo=UTC),
            date_to="2026-01-03T00:00:00Z",
        )

        assert [one.properties.title for one in found] == ["3", "2"]
        assert len(ada.get_events()) == 4

    def test_page(self, node: Node, ada: Customer) -> None:
        for title in ("a", "b", "c"):
            node.add_event(
                customerId=ada.id, type="viewedPage", context="WEB", properties={"title": title}
            )

        found = node.get_events(customer_id=ada.id, size=2)

        assert (len(found), found.total_elements, found.total_pages) == (2, 3, 2)
        assert len(found.next_page()) == 1

    def test_by_external_id_belong_to_the_customer(self, node: Node, ada: Customer) -> None:
        node.add_event(
            bringBackProperties=brought_back(node, "EXTERNAL_ID", ada.externalId),
            type="searched",
            context="WEB",
            properties={"keyword": "tea"},
        )

        (found,) = ada.get_events()

        assert found.customerId == ada.id
        assert found.properties.keyword == "tea"

    def test_of_a_session_belong_to_whoever_claims_it(self, node: Node, ada: Customer) -> None:
        session = node.create_session_id()
        node.add_event(
            bringBackProperties=brought_back(node, "SESSION_ID", session),
            type="viewedPage",
            context="WEB",
            properties={"title": "Tea"},
        )
        assert ada.get_events() == []

        node.add_customer_session(customer_id=ada.id, session_id=session)

        (found,) = ada.get_events()
        assert found.customerId == ada.id
        assert found.bringBackProperties.value == session

    @pytest.mark.parametrize(
        ("sent", "place"),
        [
            ({"properties": {"colour": "red"}}, "/properties"),
            ({"type": "sneezed"}, "/type"),
            ({"context": "MOON"}, "/context"),
        ],
    )
    def test_that_are_wrong_are_errors_of_the_client(
        self, node: Node, ada: Customer, sent: dict[str, Any], place: str
    ) -> None:
        good = {"type": "viewedPage", "context": "WEB", "properties": {}}

        with pytest.raises(APIError, match=f"Status code: 400.*'path': '{place}"):
            node.add_event(customerId=ada.id, **good | sent)
        assert ada.get_events() == []

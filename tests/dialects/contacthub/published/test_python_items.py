"""contacthub-sdk-python 0.2 from PyPI: educations, likes, jobs and subscriptions."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from contacthub.errors.api_error import APIError
from contacthub.models.customer import Customer
from contacthub.models.education import Education
from contacthub.models.job import Job
from contacthub.models.like import Like
from contacthub.models.subscription import Subscription
from contacthub.node import Node

from tests.dialects.contacthub.published.conftest import fresh_email

NOON = datetime(2020, 1, 2, 12, 0, tzinfo=UTC)
KINDS: list[tuple[type[Any], str, dict[str, Any], dict[str, Any]]] = [
    (
        Education,
        "education",
        {"schoolType": Education.SCHOOL_TYPES.COLLEGE, "schoolName": "A", "startYear": 1990},
        {"schoolName": "B"},
    ),
    (Like, "like", {"name": "tea", "category": "drink", "createdTime": NOON}, {"name": "mate"}),
    (
        Job,
        "job",
        {"jobTitle": "clerk", "startDate": date(2010, 1, 1), "isCurrent": True},
        {"jobTitle": "boss"},
    ),
    (
        Subscription,
        "subscription",
        {
            "name": "news",
            "kind": Subscription.KINDS.DIGITAL_MESSAGE,
            "subscribed": True,
            "startDate": NOON,
            "preferences": [{"key": "often", "value": "weekly"}],
        },
        {"subscribed": False},
    ),
]
of_each_kind = pytest.mark.parametrize(
    ("kind", "name", "first", "then"), KINDS, ids=[one[1] for one in KINDS]
)


@pytest.fixture
def ada(node: Node) -> Customer:
    return node.add_customer(base={"contacts": {"email": fresh_email()}})


def as_sent(values: dict[str, Any]) -> dict[str, Any]:
    """Moments and days as they are answered."""

    def told(value: object) -> object:
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        return value.isoformat() if isinstance(value, date) else value

    return {name: told(value) for name, value in values.items()}


def stored(node: Node, customer_id: str, plural: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = node.get_customer(id=customer_id).attributes["base"][plural]
    return found


@of_each_kind
class TestItems:
    def test_are_added_read_updated_and_removed_by_id(
        self,
        node: Node,
        ada: Customer,
        kind: type[Any],
        name: str,
        first: dict[str, Any],
        then: dict[str, Any],
    ) -> None:
        called = {"customer_id": ada.id}
        add, change = getattr(node, f"add_{name}"), getattr(node, f"update_{name}")
        read, remove = getattr(node, f"get_customer_{name}"), getattr(node, f"remove_{name}")

        made = add(**called, id="one", **first)
        found = read(**called, **{f"{name}_id": "one"})
        changed = change(**called, **first | then, id="one")
        remove(**called, **{f"{name}_id": "one"})

        assert type(made) is kind
        assert made.to_dict().items() >= (as_sent(first) | {"id": "one"}).items()
        assert found.to_dict() == made.to_dict()
        assert changed.to_dict().items() >= (as_sent(first | then) | {"id": "one"}).items()
        assert stored(node, ada.id, f"{name}s") == []
        with pytest.raises(APIError, match="Status code: 404"):
            read(**called, **{f"{name}_id": "one"})

    def test_are_posted_put_and_deleted_as_objects(
        self,
        node: Node,
        ada: Customer,
        kind: type[Any],
        name: str,
        first: dict[str, Any],
        then: dict[str, Any],
    ) -> None:
        item = kind(customer=ada, id="two", **first)

        item.post()
        for key, value in then.items():
            setattr(item, key, value)
        item.put()

        (kept,) = stored(node, ada.id, f"{name}s")
        assert kept.items() >= (as_sent(first | then) | {"id": "two"}).items()
        item.delete()
        assert stored(node, ada.id, f"{name}s") == []

    def test_are_changed_where_they_are_in_the_customer(
        self,
        node: Node,
        ada: Customer,
        kind: type[Any],
        name: str,
        first: dict[str, Any],
        then: dict[str, Any],
    ) -> None:
        kind(customer=ada, id="three", **first).post()
        read = node.get_customer(id=ada.id)
        (item,) = getattr(read.base, f"{name}s")
        for key, value in then.items():
            setattr(item, key, value)

        read.patch()

        (kept,) = stored(node, ada.id, f"{name}s")
        assert kept.items() >= (as_sent(first | then) | {"id": "three"}).items()

    def test_that_are_there_already_are_refused(
        self,
        node: Node,
        ada: Customer,
        kind: type[Any],
        name: str,
        first: dict[str, Any],
        then: dict[str, Any],
    ) -> None:
        kind(customer=ada, id="four", **first).post()

        with pytest.raises(APIError, match="Status code: 409"):
            kind(customer=ada, id="four", **first | then).post()
        (kept,) = stored(node, ada.id, f"{name}s")
        assert kept.items() >= as_sent(first).items()

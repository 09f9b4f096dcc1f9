"""Events and figures of a shop, for the tests of figures."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from onefold.model.events import Event, EventDraft
from onefold.model.ids import uuid7
from tests.builders import NOON, Shop, make_event
from tests.dialects.contacthub.clients import Api

Json = Any
MARCH = {"start": "2026-03-01T00:00:00Z", "end": "2026-04-01T00:00:00Z"}
"""The month around NOON, which is 2026-03-02T12:00Z."""


def order(
    customer_id: UUID, total: float, *, at: datetime = NOON, context: str = "ECOMMERCE", **more: Any
) -> EventDraft:
    amount = {"total": total, **more.pop("amount", {})}
    return EventDraft(
        id=uuid7(at),
        type="completedOrder",
        context=context,
        occurred_at=at,
        properties={"amount": amount, **more},
        customer_id=customer_id,
    )


async def make_customer(shop: Shop, name: str = "ada", *, at: datetime = NOON, **more: Any) -> UUID:
    saved = await shop.customer(at, contact__email=f"{name}@shop.example", **more)
    return saved.customer.id


async def view(shop: Shop, customer_id: UUID, *, days: int = 0, recorded: int = 0) -> Event:
    """A page view that many days after NOON, recorded that many days after NOON."""
    draft = make_event(customer_id=customer_id, at=NOON + timedelta(days=days))
    return await shop.event(draft, at=NOON + timedelta(days=recorded))


async def figures(client: Api, path: str, **params: str) -> Json:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def by_name(data: Json, name: str) -> Json:
    """Give the entries of this name, without it."""
    return [
        {key: value for key, value in one.items() if key != "name"}
        for one in data
        if one["name"] == name
    ]


def value_of(data: Json, name: str) -> Json:
    (found,) = by_name(data, name)
    return found["value"]


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)


def length(parameters: Json) -> timedelta:
    """Tell how long the period is that was answered for."""
    return moment(parameters["end"]) - moment(parameters["start"])

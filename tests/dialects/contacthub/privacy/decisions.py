"""Customers who decide, and the log that tells of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tests.builders import NOON, Shop, make_patch
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import Json

YES: dict[str, Any] = {"consents.marketing.automatic.email.status": True}
NO: dict[str, Any] = {"consents.marketing.automatic.email.status": False}


async def listed(officer: Api, **params: Any) -> list[Json]:
    answer = await officer.get("/consent-logs", params=params)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["elements"]
    return found


async def decide(shop: Shop, customer_id: UUID, *, at: datetime = NOON, **values: Any) -> None:
    named = {name.replace("__", "."): value for name, value in values.items()}
    await shop.save([make_patch(customer_id, **named)], at=at)


async def make_customer(
    shop: Shop, email: str = "ada@shop.example", *, at: datetime = NOON, **values: Any
) -> UUID:
    return (await shop.customer(at, contact__email=email, **values)).customer.id

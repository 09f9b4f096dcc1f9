"""Customers of aggregate nodes: what they are made of."""

from onefold.actions.persons.read import list_entry_customers as list_members
from onefold.dialects.contacthub.endpoints.parameters import (
    PAGE_SIZE_MAX,
    customer_id,
    page_object,
    query_number,
)
from onefold.dialects.contacthub.mapping.customers import wire_customer
from onefold.model.errors import FieldError, Invalid
from onefold.model.filters import SEARCH_ELEMENTS_MAX
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call


async def list_entry_customers(call: Call) -> Answer:
    number = _needed("page", query_number(call, "page", default=None))
    size = _needed("size", query_number(call, "size", default=None, most=PAGE_SIZE_MAX))
    wanted = customer_id(call)
    found = await call.read(
        lambda tx: list_members(
            tx,
            call.actor,
            picture=call.picture,
            person_id=wanted,
            offset=number * size,
            limit=size,
        )
    )
    elements = [wire_customer(one) for one in found.customers]
    pages = page_object(number, size, found.total, most=SEARCH_ELEMENTS_MAX)
    return json_answer(200, {"elements": elements, "page": pages})


def _needed(name: str, value: int | None) -> int:
    if value is None:
        found = FieldError(f"/{name}", "is required")
        raise Invalid(f"{name} is required", fields=(found,))
    return value

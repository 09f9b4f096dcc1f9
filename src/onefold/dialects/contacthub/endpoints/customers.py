"""Customers: search, create, read, change, delete."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from onefold.actions.customers.drafts import CustomerDraft, Operation, Saved
from onefold.actions.customers.passwords import with_hashed_password
from onefold.actions.customers.remove import delete_customer as remove
from onefold.actions.customers.search import search_customers as search
from onefold.actions.reaching import find_reachable
from onefold.dialects.contacthub.endpoints.parameters import (
    customer_id,
    page,
    page_object,
    query_node,
)
from onefold.dialects.contacthub.mapping.changes import change_of, replacement_of
from onefold.dialects.contacthub.mapping.customers import only_fields, wire_customer
from onefold.dialects.contacthub.mapping.queries import filter_of, sort_of
from onefold.dialects.contacthub.mapping.times import read_time, wire_time
from onefold.dialects.contacthub.shapes.customers import CustomerBody
from onefold.model.access import Permission
from onefold.model.changes import CustomerChange, ListRule
from onefold.model.customers import Customer
from onefold.model.errors import Conflict, FieldError, Invalid
from onefold.model.filters import SEARCH_ELEMENTS_MAX, CustomerSearch, Filter
from onefold.model.ids import uuid7
from onefold.model.limits import SESSION_LENGTH_MAX
from onefold.web.answers import Answer, json_answer
from onefold.web.bodies import decode_json
from onefold.web.endpoint import Call

STRICT = "STRICT"
NOT_VALID = "source customer is not valid"


async def search_customers(call: Call) -> Answer:
    number, size = page(call)
    node_id = query_node(call)
    if node_id is None:
        found = FieldError("/nodeId", "is required")
        raise Invalid("nodeId is required", fields=(found,))
    wanted = CustomerSearch(
        external_id=call.query.get("externalId") or None,
        condition=_condition(call.query.get("query")),
        sort=sort_of(call.query.get("sort")),
    )
    result = await call.read(
        lambda tx: search(
            tx,
            call.actor,
            picture=call.picture,
            node_id=node_id,
            wanted=wanted,
            offset=number * size,
            limit=size,
        )
    )
    elements = [_shown(call, one) for one in result.customers]
    pages = page_object(number, size, result.total, most=SEARCH_ELEMENTS_MAX)
    return json_answer(200, {"elements": elements, "page": pages})


async def create_customer(call: Call) -> Answer:
    body = await _body(call)
    draft = CustomerDraft(
        new_id=uuid7(call.at),
        node_id=UUID(str(body.node_id)),
        change=await with_hashed_password(change_of(body, ListRule.APPEND)),
        session=_session(call),
    )
    return _answer(call, 201, await _save(call, draft))


async def get_customer(call: Call) -> Answer:
    wanted = customer_id(call)
    found = await call.services.find_customer(call.actor, wanted)
    return json_answer(200, wire_customer(found))


async def patch_customer(call: Call) -> Answer:
    body = await _body(call)
    strict = _strict(call)
    change = change_of(body, ListRule.REPLACE, strict=strict)
    return await _change(call, body, change, Operation.PATCH)


async def replace_customer(call: Call) -> Answer:
    body = await _body(call)
    change = replacement_of(body, strict=_strict(call))
    return await _change(call, body, change, Operation.REPLACE)


async def delete_customer(call: Call) -> Answer:
    wanted = customer_id(call)
    await call.write(
        lambda tx: remove(tx, call.actor, picture=call.picture, customer_id=wanted, at=call.at)
    )
    return Answer(200)


async def _body(call: Call) -> CustomerBody:
    """The body; one with wrong properties is refused in the words that clients look for."""
    call.actor.require(Permission.CUSTOMER_WRITE)
    try:
        return await call.body(CustomerBody)
    except Invalid as error:
        raise Invalid(NOT_VALID if error.fields else error.message, fields=error.fields) from error


async def _change(
    call: Call, body: CustomerBody, change: CustomerChange, operation: Operation
) -> Answer:
    wanted = customer_id(call)
    await _check_fixed(call, body, wanted)
    draft = CustomerDraft(
        new_id=uuid7(call.at),
        customer_id=wanted,
        node_id=_fixed_id(body.node_id, "/nodeId"),
        change=await with_hashed_password(change),
        operation=operation,
        session=_session(call),
    )
    return _answer(call, 200, await _save(call, draft))


def _answer(call: Call, status: int, saved: Saved) -> Answer:
    """The customer; a caller that may not read customers learns only whom it has reached.

    A browser's token is in the page for anybody to take: whoever posts an e-mail address with it
    must not get the profile that is behind the address.
    """
    wire = wire_customer(saved.customer)
    if Permission.CUSTOMER_READ not in call.actor.permissions:
        wire = only_fields(wire, ())
    return json_answer(status, wire)


async def _save(call: Call, draft: CustomerDraft) -> Saved:
    try:
        return await call.services.save_customer(call.actor, draft, call.retry_key())
    except Conflict as conflict:
        raise _with_address(call, conflict) from conflict


def _with_address(call: Call, conflict: Conflict) -> Conflict:
    """A conflict tells a caller that may read customers where the other one is."""
    other = (conflict.detail or {}).get("customer_id")
    if other is None:
        return conflict
    if Permission.CUSTOMER_READ not in call.actor.permissions:
        return Conflict("Conflict with stored data", fields=conflict.fields)
    href = f"{call.base_url}/workspaces/{call.actor.workspace_id}/customers/{other}"
    detail = {"customer_id": other, "href": href}
    return Conflict(conflict.message, fields=conflict.fields, detail=detail)


def _session(call: Call) -> str | None:
    value = call.query.get("sessionId") or None
    if value is not None and len(value) > SESSION_LENGTH_MAX:
        found = FieldError("/sessionId", f"is longer than {SESSION_LENGTH_MAX} characters")
        raise Invalid("sessionId is not valid", fields=(found,))
    return value


def _strict(call: Call) -> bool:
    mode = call.query.get("mode")
    if mode not in (None, "", STRICT):
        found = FieldError("/mode", "must be STRICT or absent")
        raise Invalid("mode is not valid", fields=(found,))
    return mode == STRICT


async def _check_fixed(call: Call, body: CustomerBody, wanted: UUID) -> None:
    """What only the server sets may be sent back unchanged, as clients do, and nothing else."""
    if _fixed_id(body.id, "/id") not in (None, wanted):
        raise _cannot_change("/id")
    sent_more = (body.int_id, body.registered_at, body.deleted)
    if all(one in (UNSET, None) for one in sent_more):
        return
    stored = await call.read(lambda tx: find_reachable(tx, call.actor, customer_id=wanted))
    if body.int_id not in (UNSET, None, stored.number):
        raise _cannot_change("/intId")
    if body.deleted not in (UNSET, None, 0):
        raise _cannot_change("/deleted")
    if body.registered_at not in (UNSET, None):
        moment = read_time(str(body.registered_at), "/registeredAt")
        if moment is None or wire_time(moment) != wire_time(stored.registered_at):
            raise _cannot_change("/registeredAt")


def _fixed_id(text: str | UnsetType | None, pointer: str) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError as error:
        raise _cannot_change(pointer) from error


def _cannot_change(pointer: str) -> Invalid:
    found = FieldError(pointer, "cannot change")
    return Invalid(NOT_VALID, fields=(found,))


def _condition(text: str | None) -> Filter | None:
    if not text:
        return None
    try:
        return filter_of(decode_json(text.encode()))
    except Invalid as error:
        found = FieldError("/query", error.fields[0].message if error.fields else "is not valid")
        raise Invalid(error.message.replace("the body", "query"), fields=(found,)) from error


def _shown(call: Call, customer: Customer) -> dict[str, object]:
    fields = call.query.get("fields")
    wire = wire_customer(customer)
    if not fields:
        return wire
    return only_fields(wire, tuple(one.strip() for one in fields.split(",") if one.strip()))

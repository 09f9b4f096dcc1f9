"""Users and their nodes, and who the caller is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from onefold.actions.callers import describe_caller
from onefold.actions.members import bind_member, find_member, list_members
from onefold.dialects.contacthub.endpoints.configuring import configure, whole_page
from onefold.dialects.contacthub.mapping.users import (
    nodes_of,
    wire_groups,
    wire_member_self,
    wire_node,
    wire_roles,
    wire_user,
)
from onefold.dialects.contacthub.shapes.users import UserBody
from onefold.model.access import Permission
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint

Wire = dict[str, Any]

DIGITS_MAX = 18
"""Digits of a number that the database can hold."""


async def list_users(call: Call) -> Answer:
    search = call.query.get("search") or ""
    found = await call.read(lambda tx: list_members(tx, call.actor, search=search))
    elements = [wire_user(one) for one in found]
    return json_answer(200, {"elements": elements, "page": whole_page(len(elements))})


async def get_user(call: Call) -> Answer:
    wanted = _wanted(call.path["id"])
    found = await call.read(lambda tx: find_member(tx, call.actor, wanted=wanted))
    return json_answer(200, wire_user(found))


async def update_user(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    wanted = _wanted(call.path["id"])
    nodes = nodes_of(await call.body(UserBody))
    bound = await configure(
        call,
        lambda tx: bind_member(
            tx, call.actor, picture=call.picture, wanted=wanted, nodes=nodes, at=call.at
        ),
    )
    return json_answer(200, wire_user(bound))


async def get_me(call: Call) -> Answer:
    found = await call.read(lambda tx: describe_caller(tx, call.actor))
    places = [
        (one.tenant, [wire_node(node, access) for node, access in one.nodes])
        for one in found.places
    ]
    wire: Wire = {
        "name": found.name,
        "groups": wire_groups(places),
        "roles": wire_roles(call.actor.roles),
    }
    if found.member is not None:
        wire |= wire_member_self(found.member)
    return json_answer(200, wire)


def _wanted(text: str) -> UUID | int | None:
    """A number or an id; None for what is neither, which nobody has."""
    if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX:
        return int(text)
    try:
        return UUID(text)
    except ValueError:
        return None


ENDPOINTS: Mapping[str, Endpoint] = {
    "listUsers": list_users,
    "getUser": get_user,
    "updateUser": update_user,
    "getMe": get_me,
}

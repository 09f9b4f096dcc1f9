"""Nodes: entry nodes, what tells their customers apart, and the list of all."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from msgspec import UNSET

from onefold.actions.directory import Picture
from onefold.actions.emptying import empty_node as take_everything
from onefold.actions.nodes import store_entry_node
from onefold.actions.retention import find_swept
from onefold.actions.transaction import Transaction
from onefold.dialects.contacthub.endpoints.configuring import (
    configure,
    list_page,
    query_flag,
    read_configuration,
)
from onefold.dialects.contacthub.endpoints.parameters import path_id
from onefold.dialects.contacthub.mapping.nodes import (
    empty_node,
    node_of,
    policy_of,
    wire_entry_node,
    wire_policy,
    wire_summary,
)
from onefold.dialects.contacthub.shapes.nodes import EntryNodeBody, UniqueCustomer
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.model.ids import uuid7
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.workspaces import Node, NodeKind
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint

KIND_OF_WORD = {"ENTRY": NodeKind.ENTRY, "AGGREGATE": NodeKind.AGGREGATE}


async def list_nodes(call: Call) -> Answer:
    picture = await read_configuration(call)
    word = call.query.get("nodeType") or None
    if word is not None and word not in KIND_OF_WORD:
        found = FieldError("/nodeType", "must be ENTRY or AGGREGATE")
        raise Invalid("nodeType is not valid", fields=(found,))
    kinds = set(NodeKind) if word is None else {KIND_OF_WORD[word]}
    shown, page = list_page(call, _reachable(call, picture, kinds))
    swept = await call.read(lambda tx: find_swept(tx, call.actor))
    elements = [wire_summary(one) | {"retentionState": one.id in swept} for one in shown]
    return json_answer(200, {"elements": elements, "page": page})


async def list_entry_nodes(call: Call) -> Answer:
    picture = await read_configuration(call)
    shown, page = list_page(call, _reachable(call, picture, {NodeKind.ENTRY}))
    return json_answer(200, {"elements": [wire_entry_node(one) for one in shown], "page": page})


async def create_entry_node(call: Call) -> Answer:
    body = await _body(call)
    if body.name is UNSET:
        raise _required("name")
    made = await configure(call, lambda tx: _store(tx, call, body, uuid7(call.at)))
    return json_answer(201, wire_entry_node(made))


async def get_entry_node(call: Call) -> Answer:
    picture = await read_configuration(call)
    node = _entry_node(picture, _node_id(call))
    call.actor.require_node(node.id)
    return json_answer(200, wire_entry_node(node))


async def update_entry_node(call: Call) -> Answer:
    wanted = _node_id(call)
    body = await _body(call)
    for name, value in (("name", body.name), ("uniqueCustomer", body.unique_customer)):
        if value is UNSET:
            raise _required(name)
    if body.id is UNSET or UUID(body.id) != wanted:
        found = FieldError("/id", "is not the one in the path")
        raise Invalid("the id cannot change", fields=(found,))

    async def change(tx: Transaction) -> Node:
        _entry_node(call.picture, wanted)
        return await _store(tx, call, body, wanted)

    return json_answer(200, wire_entry_node(await configure(call, change)))


async def empty_entry_node(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    wanted = _node_id(call)
    events_only = query_flag(call, "eventsOnly")
    _entry_node(await read_configuration(call), wanted)
    await take_everything(
        call.services.context, call.actor, node_id=wanted, events_only=events_only, at=call.at
    )
    return Answer(204)


async def get_default_matching_policy(call: Call) -> Answer:
    picture = await read_configuration(call)
    return json_answer(200, wire_policy(picture.workspace.settings.usual_unique))


async def get_node_matching_policy(call: Call) -> Answer:
    picture = await read_configuration(call)
    node = picture.workspace.node(_node_id(call))
    call.actor.require_node(node.id)
    return json_answer(200, wire_policy(node.unique))


async def update_node_matching_policy(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    wanted = _node_id(call)
    body = await call.body(UniqueCustomer)
    if not body.properties:
        raise _required("properties")

    async def change(tx: Transaction) -> Node:
        node = _entry_node(call.picture, wanted)
        policy = policy_of(
            body,
            node.unique,
            usual=node.unique,
            custom=_custom(call.picture),
            pointer="/properties",
        )
        node = replace(node, unique=policy)
        return await store_entry_node(tx, call.actor, picture=call.picture, node=node, at=call.at)

    return json_answer(200, wire_policy((await configure(call, change)).unique))


async def _body(call: Call) -> EntryNodeBody:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    return await call.body(EntryNodeBody)


async def _store(tx: Transaction, call: Call, body: EntryNodeBody, node_id: UUID) -> Node:
    """The node of the body, which is new when there is none with that id."""
    workspace = call.picture.workspace
    usual = workspace.settings.usual_unique
    start = workspace.nodes.get(node_id) or empty_node(node_id, usual)
    node = node_of(body, start, usual=usual, custom=_custom(call.picture))
    return await store_entry_node(tx, call.actor, picture=call.picture, node=node, at=call.at)


def _reachable(call: Call, picture: Picture, kinds: set[NodeKind]) -> list[Node]:
    nodes = picture.workspace.nodes.values()
    return [one for one in nodes if one.kind in kinds and call.actor.may_reach(one.id)]


def _node_id(call: Call) -> UUID:
    return path_id(call, "nodeId", "node")


def _entry_node(picture: Picture, node_id: UUID) -> Node:
    """The entry node; an aggregate one is none."""
    node = picture.workspace.node(node_id)
    if node.kind is not NodeKind.ENTRY:
        raise NotFound(f"node not found {node_id}")
    return node


def _custom(picture: Picture) -> set[str]:
    return set(picture.definitions.of_owner(CUSTOMER_OWNER))


def _required(name: str) -> Invalid:
    found = FieldError(f"/{name}", "is required")
    return Invalid(f"{name} is required", fields=(found,))


ENDPOINTS: Mapping[str, Endpoint] = {
    "listNodes": list_nodes,
    "listEntryNodes": list_entry_nodes,
    "createEntryNode": create_entry_node,
    "getEntryNode": get_entry_node,
    "updateEntryNode": update_entry_node,
    "emptyEntryNode": empty_entry_node,
    "getDefaultMatchingPolicy": get_default_matching_policy,
    "getNodeMatchingPolicy": get_node_matching_policy,
    "updateNodeMatchingPolicy": update_node_matching_policy,
}

"""Aggregate nodes: made, changed and set to work."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import UNSET

from onefold.actions.aggregates import activate_node, store_aggregate_node
from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.dialects.contacthub.endpoints.configuring import (
    configure,
    read_configuration,
    whole_page,
)
from onefold.dialects.contacthub.endpoints.parameters import path_id
from onefold.dialects.contacthub.mapping.aggregates import (
    aggregate_of,
    empty_aggregate,
    wire_aggregate,
)
from onefold.dialects.contacthub.shapes.nodes import AggregateNodeBody, AggregateNodeState
from onefold.model.access import Permission
from onefold.model.aggregates import AggregateState
from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.model.ids import uuid7
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.workspaces import Node, NodeKind
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint


async def list_aggregate_nodes(call: Call) -> Answer:
    picture = await read_configuration(call)
    elements = [
        wire_aggregate(one)
        for one in picture.workspace.nodes.values()
        if one.kind is NodeKind.AGGREGATE and call.actor.may_reach(one.id)
    ]
    return json_answer(200, {"elements": elements, "page": whole_page(len(elements))})


async def create_aggregate_node(call: Call) -> Answer:
    body = await _body(call)
    start = empty_aggregate(uuid7(call.at))
    for name, value in (("name", body.name), ("entryNodes", body.entry_nodes)):
        if value is UNSET:
            raise _required(name)
    made = await configure(call, lambda tx: _store(tx, call, body, start))
    return json_answer(201, wire_aggregate(made))


async def get_aggregate_node(call: Call) -> Answer:
    node = _aggregate(call, await read_configuration(call))
    return json_answer(200, wire_aggregate(node))


async def update_aggregate_node(call: Call) -> Answer:
    body = await _body(call)

    async def change(tx: Transaction) -> Node:
        return await _store(tx, call, body, _aggregate(call, call.picture))

    return json_answer(200, wire_aggregate(await configure(call, change)))


async def update_aggregate_node_state(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    body = await call.body(AggregateNodeState)
    if body.state is UNSET:
        raise _required("state")
    state = AggregateState(body.state)

    async def change(tx: Transaction) -> Node:
        node = _aggregate(call, call.picture)
        return await activate_node(
            tx, call.actor, picture=call.picture, node_id=node.id, state=state, at=call.at
        )

    await configure(call, change)
    return json_answer(200, {"state": state.value})


async def _body(call: Call) -> AggregateNodeBody:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    return await call.body(AggregateNodeBody)


async def _store(tx: Transaction, call: Call, body: AggregateNodeBody, start: Node) -> Node:
    picture = call.picture
    node = aggregate_of(
        body,
        start,
        usual=picture.workspace.settings.usual_unique,
        custom=picture.definitions.of_owner(CUSTOMER_OWNER),
    )
    for entry in node.entry_node_ids:
        call.actor.require_node(entry)
    return await store_aggregate_node(tx, call.actor, picture=picture, node=node, at=call.at)


def _aggregate(call: Call, picture: Picture) -> Node:
    """The node in the path, within reach; an entry node is none."""
    node = picture.workspace.node(_node_id(call))
    if node.kind is not NodeKind.AGGREGATE:
        raise NotFound(f"node not found {node.id}")
    call.actor.require_node(node.id)
    return node


def _node_id(call: Call) -> UUID:
    return path_id(call, "aggregateNodeId", "node")


def _required(name: str) -> Invalid:
    found = FieldError(f"/{name}", "is required")
    return Invalid(f"{name} is required", fields=(found,))


ENDPOINTS: Mapping[str, Endpoint] = {
    "listAggregateNodes": list_aggregate_nodes,
    "createAggregateNode": create_aggregate_node,
    "getAggregateNode": get_aggregate_node,
    "updateAggregateNode": update_aggregate_node,
    "updateAggregateNodeState": update_aggregate_node_state,
}

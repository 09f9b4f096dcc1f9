"""Retention of events: of the workspace, of a node, and what it would let go of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import UNSET

from onefold.actions.retention import keep_for, keep_in_node, read_rules, read_stock
from onefold.dialects.contacthub.endpoints.configuring import read_configuration
from onefold.dialects.contacthub.endpoints.parameters import path_id
from onefold.dialects.contacthub.mapping.retention import months_of, wire_months, wire_status
from onefold.dialects.contacthub.shapes.retention import (
    EventRetention,
    NodeRetention,
    RetentionState,
)
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.model.retention import Months, RetentionRules, check_months
from onefold.model.workspaces import NodeKind
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint

ByEvent = dict[str, EventRetention]
EVENTS = "events."


async def get_retention_status(call: Call) -> Answer:
    picture = await read_configuration(call)
    catalog = call.services.context.catalog
    found = await call.read(
        lambda tx: read_stock(tx, call.actor, picture=picture, catalog=catalog, at=call.at)
    )
    return json_answer(200, wire_status(found, picture.workspace.zone()))


async def get_retention_policy(call: Call) -> Answer:
    await read_configuration(call)
    rules = await _rules(call)
    return json_answer(200, wire_months(rules.of_workspace()))


async def update_retention_policy(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    months = months_of(await call.body(ByEvent))
    rules = await call.write(
        lambda tx: keep_for(
            tx, call.actor, catalog=call.services.context.catalog, months=months, at=call.at
        )
    )
    return json_answer(200, wire_months(rules.of_workspace()))


async def get_node_retention_policy(call: Call) -> Answer:
    node_id = await _node(call)
    return json_answer(200, _whole(await _rules(call), node_id))


async def update_node_retention_policy(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    node_id = await _node(call)
    body = await call.body(NodeRetention)
    months = None if body.events is UNSET else months_of(body.events, under=EVENTS)
    if months is not None:
        check_months(months, call.services.context.catalog.types, under=EVENTS)
    enabled = None if body.enabled is UNSET else body.enabled
    rules = await _keep(call, node_id, months=months, enabled=enabled)
    return json_answer(200, _whole(rules, node_id))


async def get_entry_node_retention_policy(call: Call) -> Answer:
    node_id = await _node(call, kind=NodeKind.ENTRY)
    return json_answer(200, wire_months((await _rules(call)).of_node(node_id)))


async def update_entry_node_retention_policy(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    node_id = await _node(call, kind=NodeKind.ENTRY)
    months = months_of(await call.body(ByEvent))
    rules = await _keep(call, node_id, months=months)
    return json_answer(200, wire_months(rules.of_node(node_id)))


async def get_entry_node_retention_state(call: Call) -> Answer:
    node_id = await _node(call, kind=NodeKind.ENTRY)
    return json_answer(200, {"enabled": (await _rules(call)).own(node_id).enabled})


async def update_entry_node_retention_state(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    node_id = await _node(call, kind=NodeKind.ENTRY)
    body = await call.body(RetentionState)
    if body.enabled is UNSET:
        found = FieldError("/enabled", "is required")
        raise Invalid("the body is not valid", fields=(found,))
    rules = await _keep(call, node_id, enabled=body.enabled)
    return json_answer(200, {"enabled": rules.own(node_id).enabled})


async def _rules(call: Call) -> RetentionRules:
    catalog = call.services.context.catalog
    return await call.read(lambda tx: read_rules(tx, call.actor, catalog=catalog))


async def _keep(
    call: Call, node_id: UUID, *, months: Months | None = None, enabled: bool | None = None
) -> RetentionRules:
    return await call.write(
        lambda tx: keep_in_node(
            tx,
            call.actor,
            picture=call.picture,
            catalog=call.services.context.catalog,
            node_id=node_id,
            months=months,
            enabled=enabled,
            at=call.at,
        )
    )


async def _node(call: Call, *, kind: NodeKind | None = None) -> UUID:
    """The node in the path, within reach; one of another kind is none."""
    picture = await read_configuration(call)
    node = picture.workspace.node(path_id(call, "nodeId", "node"))
    if kind not in (None, node.kind):
        raise NotFound(f"node not found {node.id}")
    call.actor.require_node(node.id)
    return node.id


def _whole(rules: RetentionRules, node_id: UUID) -> dict[str, Any]:
    return {
        "enabled": rules.own(node_id).enabled,
        "events": wire_months(rules.of_node(node_id)),
    }


ENDPOINTS: Mapping[str, Endpoint] = {
    "getRetentionStatus": get_retention_status,
    "getRetentionPolicy": get_retention_policy,
    "updateRetentionPolicy": update_retention_policy,
    "getNodeRetentionPolicy": get_node_retention_policy,
    "updateNodeRetentionPolicy": update_node_retention_policy,
    "getEntryNodeRetentionPolicy": get_entry_node_retention_policy,
    "updateEntryNodeRetentionPolicy": update_entry_node_retention_policy,
    "getEntryNodeRetentionState": get_entry_node_retention_state,
    "updateEntryNodeRetentionState": update_entry_node_retention_state,
}

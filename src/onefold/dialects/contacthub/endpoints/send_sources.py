"""Links to Contactsend: stored and validated here, spoken to by nobody."""

from collections.abc import Callable, Mapping

from onefold.actions.links import Link, find_links
from onefold.actions.workspaces import list_sources
from onefold.dialects.contacthub.endpoints.configuring import read_configuration
from onefold.dialects.contacthub.endpoints.parameters import path_id
from onefold.dialects.contacthub.mapping.send_sources import (
    CONTACTSEND,
    is_linked,
    wire_send_source,
    wire_shared_subscriptions,
)
from onefold.model.access import Permission
from onefold.model.errors import NotFound
from onefold.model.workspaces import NodeKind, Source
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint

Wanted = Callable[[Source], bool]


async def list_send_source_configurations(call: Call) -> Answer:
    return _list_answer(await _links(call, lambda _: True))


async def list_send_sources_by_group(call: Call) -> Answer:
    group_pk = call.path["groupPk"]
    return _list_answer(await _links(call, lambda one: is_linked(one, group_pk=group_pk)))


async def get_send_source_by_user_db(call: Call) -> Answer:
    group_pk, userdb_id = call.path["groupPk"], call.path["userdbId"]
    return _first(
        await _links(call, lambda one: is_linked(one, group_pk=group_pk, userdb_id=userdb_id))
    )


async def get_node_send_source(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    picture = await read_configuration(call)
    node = picture.workspace.node(path_id(call, "nodeId", "node"))
    call.actor.require_node(node.id)
    links = await _links(call, lambda one: node.id in one.node_ids)
    return _first([one for one in links if one.node.id == node.id])


async def list_aggregate_send_subscriptions(call: Call) -> Answer:
    picture = await read_configuration(call)
    node = picture.workspace.node(path_id(call, "aggregateNodeId", "node"))
    call.actor.require_node(node.id)
    if node.kind is not NodeKind.AGGREGATE:
        raise NotFound(f"node not found {node.id}")
    nodes = picture.workspace.nodes
    entries = [nodes[one] for one in node.entry_node_ids if one in nodes]
    sources = await call.read(lambda tx: list_sources(tx, call.actor))
    return json_answer(200, wire_shared_subscriptions(entries, sources))


async def _links(call: Call, wanted: Wanted) -> list[Link]:
    return await call.read(
        lambda tx: find_links(tx, call.actor, provider=CONTACTSEND, wanted=wanted)
    )


def _list_answer(links: list[Link]) -> Answer:
    return json_answer(200, {"elements": [_wire(one) for one in links]})


def _first(links: list[Link]) -> Answer:
    if not links:
        raise NotFound("there is no Send source")
    return json_answer(200, _wire(links[0]))


def _wire(link: Link) -> dict[str, object]:
    return wire_send_source(link.tenant, link.node, link.shown.source, link.shown.token)


ENDPOINTS: Mapping[str, Endpoint] = {
    "listSendSourceConfigurations": list_send_source_configurations,
    "listSendSourcesByGroup": list_send_sources_by_group,
    "getSendSourceByUserDb": get_send_source_by_user_db,
    "getNodeSendSource": get_node_send_source,
    "listAggregateSendSubscriptions": list_aggregate_send_subscriptions,
}

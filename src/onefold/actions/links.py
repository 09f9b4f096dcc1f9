"""Nodes that a source of one provider links to another product: found across workspaces."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onefold.actions.sources import ShownSource, read_sources
from onefold.actions.tenants import list_reachable
from onefold.actions.transaction import Transaction
from onefold.model.access import EVERYWHERE, Actor, Permission, operator_within
from onefold.model.workspaces import Node, Source, Tenant
from onefold.store import workspaces


@dataclass(frozen=True, slots=True)
class Link:
    """A node and its source, in their workspace."""

    tenant: Tenant
    node: Node
    shown: ShownSource


async def find_links(
    tx: Transaction, actor: Actor, *, provider: str, wanted: Callable[[Source], bool]
) -> list[Link]:
    """Every node that has such a source, in the workspaces within reach."""
    actor.require(Permission.WORKSPACE_PROVISION)
    tenants = await list_reachable(tx, actor)
    if actor.workspace_id == EVERYWHERE:
        having = await workspaces.workspaces_with_provider(tx, provider)
        tenants = [one for one in tenants if one.id in having]
    found: list[Link] = []
    for tenant in tenants:
        found += await _links_of(tx, operator_within(actor, tenant.id), tenant, provider, wanted)
    return found


async def _links_of(
    tx: Transaction,
    actor: Actor,
    tenant: Tenant,
    provider: str,
    wanted: Callable[[Source], bool],
) -> Sequence[Link]:
    nodes = {node.id: node for node in await workspaces.list_nodes(tx, tenant.id)}
    return [
        Link(tenant, nodes[node_id], shown)
        for shown in await read_sources(tx, actor)
        if shown.source.provider == provider and wanted(shown.source)
        for node_id in shown.source.node_ids
        if node_id in nodes
    ]

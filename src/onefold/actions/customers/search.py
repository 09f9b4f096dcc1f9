"""Searching the customers of a node."""

from dataclasses import replace
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.merges import as_merged
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.filters import CustomerSearch
from onefold.store.search import CustomerPage
from onefold.store.search import search_customers as _search

__all__ = ["CustomerPage", "search_customers"]


async def search_customers(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node_id: UUID,
    wanted: CustomerSearch,
    offset: int,
    limit: int,
) -> CustomerPage:
    """A page of customers; of those that were merged the survivor, whichever of them matches."""
    actor.require(Permission.CUSTOMER_SEARCH)
    node = picture.workspace.node(node_id)
    actor.require_node(node.id)
    merges = picture.workspace.merges
    page = await _search(
        tx,
        actor.workspace_id,
        node_id=node.id,
        wanted=replace(wanted, merges=merges),
        offset=offset,
        limit=limit,
    )
    if not merges:
        return page
    return CustomerPage(tuple(await as_merged(tx, actor, found=page.customers)), page.total)

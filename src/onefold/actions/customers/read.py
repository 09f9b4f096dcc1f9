"""Reading customers."""

from collections.abc import Sequence
from uuid import UUID

from onefold.actions.merges import as_merged
from onefold.actions.reaching import find_reachable, reachable, survivor
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.customers import Customer
from onefold.model.errors import Refusal
from onefold.model.history import HistoryEntry
from onefold.store import customers, history

HISTORY_ENTRIES_MAX = 1000


async def read_customer(tx: Transaction, actor: Actor, *, customer_id: UUID) -> Customer:
    actor.require(Permission.CUSTOMER_READ)
    return await find_reachable(tx, actor, customer_id=customer_id)


async def read_each(
    tx: Transaction, actor: Actor, *, customer_ids: Sequence[UUID]
) -> list[Customer | Refusal]:
    """For each id the customer, or why it cannot be read, with one look at all of them."""
    actor.require(Permission.CUSTOMER_READ)
    wanted = list(set(customer_ids))
    found = await customers.find_customers(tx, actor.workspace_id, customer_ids=wanted)
    ids = [one.id for one in found]
    if any(one.merged for one in found):
        found = await as_merged(tx, actor, found=found)
    known: dict[UUID, Customer | None] = dict(zip(ids, found, strict=True))
    for one in wanted:
        if one not in known:
            known[one] = await survivor(tx, actor, one)
    return [reachable(actor, known.get(one), customer_id=one) for one in customer_ids]


async def read_several(
    tx: Transaction, actor: Actor, *, customer_ids: Sequence[UUID]
) -> dict[UUID, Customer]:
    """Those that exist and are within reach, by the id that was asked for."""
    found = await customers.find_customers(tx, actor.workspace_id, customer_ids=customer_ids)
    ids = [one.id for one in found]
    if any(one.merged for one in found):
        found = await as_merged(tx, actor, found=found)
    seen = zip(ids, found, strict=True)
    return {asked: one for asked, one in seen if actor.may_reach(one.node_id)}


async def read_history(
    tx: Transaction, actor: Actor, *, customer_id: UUID, after: int = 0
) -> list[HistoryEntry]:
    """The versions of a customer after a version, oldest first, some at a time."""
    await read_customer(tx, actor, customer_id=customer_id)
    return await history.list_history(
        tx, actor.workspace_id, customer_id=customer_id, after=after, limit=HISTORY_ENTRIES_MAX
    )

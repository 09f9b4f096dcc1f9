"""Whose an event is: found by id, session or external id, and kept until commit."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from onefold.actions.identifiers import external_value
from onefold.actions.sessions import SESSION_CLAIM
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.errors import Locked
from onefold.model.events import BringBack, BringBackBy, EventDraft
from onefold.model.identifiers import IdentifierKind
from onefold.model.ids import NIL
from onefold.model.sessions import session_key
from onefold.store import customers, identifiers

LOOKS_MAX = 5

Owner = tuple[UUID | None, UUID]
"""Customer, None for nobody, and node."""

Holders = dict[BringBack, UUID | None]


async def find_owners(
    tx: Transaction, actor: Actor, drafts: Iterable[EventDraft]
) -> Mapping[UUID | BringBack, Owner]:
    """Whoever the drafts name and is there, with their nodes; anonymous sessions are nobody's.

    Customers are locked before sessions, as everywhere, so that nobody who is found is deleted
    before the event is stored, and no session is tied past it.
    """
    drafts = list(drafts)
    named = {draft.customer_id for draft in drafts if draft.customer_id is not None}
    brought = {draft.bring_back for draft in drafts if draft.bring_back is not None}
    holders, nodes = await _keep_holders(tx, actor, named, brought)
    holders |= await _share_sessions(tx, actor, brought)
    late = {one for one in holders.values() if one is not None} - nodes.keys()
    nodes |= await _keep(tx, actor, late)
    found: dict[UUID | BringBack, Owner] = {
        one: (holder, one.node_id) for one, holder in holders.items()
    }
    found.update({one: (one, nodes[one]) for one in named if one in nodes})
    return found


async def _keep_holders(
    tx: Transaction, actor: Actor, named: set[UUID], brought: set[BringBack]
) -> tuple[Holders, dict[UUID, UUID]]:
    """Looks again for what led to a customer who was gone when the lock came."""
    for _ in range(LOOKS_MAX):
        holders = await _by_external_id(tx, actor, brought)
        holders |= await _by_session(tx, actor, brought)
        known = {one for one in holders.values() if one is not None}
        nodes = await _keep(tx, actor, named | known)
        if known <= nodes.keys():
            return holders, nodes
    raise Locked("the customer of this event keeps changing; try again")


async def _keep(tx: Transaction, actor: Actor, wanted: set[UUID]) -> dict[UUID, UUID]:
    if not wanted:
        return {}
    return await customers.nodes_of_customers(tx, actor.workspace_id, customer_ids=sorted(wanted))


async def _by_session(tx: Transaction, actor: Actor, brought: set[BringBack]) -> Holders:
    """As it is just now; nothing is locked."""
    keys = _session_keys(brought)
    if not keys:
        return {}
    held = await identifiers.find_holders(
        tx, actor.workspace_id, kind=SESSION_CLAIM, values=sorted(keys.values())
    )
    return {one: _somebody(held.get(key, NIL)) for one, key in keys.items()}


async def _share_sessions(tx: Transaction, actor: Actor, brought: set[BringBack]) -> Holders:
    """As it will be until commit; a session that nobody has cannot be tied before."""
    keys = _session_keys(brought)
    if not keys:
        return {}
    claims = [(key, one.node_id) for one, key in keys.items()]
    held = await identifiers.share_claims(tx, actor.workspace_id, claims, kind=SESSION_CLAIM)
    return {one: _somebody(held[key]) for one, key in keys.items()}


def _session_keys(brought: set[BringBack]) -> dict[BringBack, str]:
    return {
        one: session_key(one.node_id, one.value)
        for one in brought
        if one.by is BringBackBy.SESSION_ID
    }


def _somebody(holder: UUID) -> UUID | None:
    return None if holder == NIL else holder


async def _by_external_id(tx: Transaction, actor: Actor, brought: set[BringBack]) -> Holders:
    """The oldest customer of the node with the external id, None when there is none."""
    wanted = [one for one in brought if one.by is BringBackBy.EXTERNAL_ID]
    found: Holders = {}
    for node_id in sorted({one.node_id for one in wanted}):
        here = [one for one in wanted if one.node_id == node_id]
        found |= await _in_node(tx, actor, node_id, here)
    return found


async def _in_node(
    tx: Transaction, actor: Actor, node_id: UUID, wanted: Sequence[BringBack]
) -> Holders:
    values = {one: external_value(one.value) for one in wanted}
    holders = await identifiers.find_by_identifiers(
        tx,
        actor.workspace_id,
        kind=IdentifierKind.EXTERNAL_ID,
        values=sorted(set(values.values())),
        node_id=node_id,
    )
    return {one: holders.get(value) for one, value in values.items()}

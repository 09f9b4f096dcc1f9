"""Sessions: claimed by a customer, and with them the events that were nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from onefold.actions.directory import Picture, require_open
from onefold.actions.event_counts import EventMove, count_changed
from onefold.actions.merges import group_of
from onefold.actions.reaching import find_reachable, keep_reachable
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.customers import Customer
from onefold.model.errors import Conflict, FieldError, Invalid, NotFound
from onefold.model.events import BringBack, BringBackBy
from onefold.model.ids import uuid7
from onefold.model.limits import SESSION_LENGTH_MAX
from onefold.model.sessions import Session, session_key
from onefold.model.updates import Change, Entity, Operation
from onefold.store import events, identifiers, sessions, updates
from onefold.store.identifiers import Identifier

SESSION_CLAIM = "session"


@dataclass(frozen=True, slots=True)
class Tied:
    """A session, and the events that became its customer's: to be counted and announced."""

    session: Session
    claimed: tuple[EventMove, ...] = ()

    @property
    def announced(self) -> tuple[Change, ...]:
        return tuple(
            Change(
                Entity.EVENT,
                Operation.UPDATE,
                event.id,
                event.node_id,
                self.session.customer_id,
                event.version,
            )
            for _, event in self.claimed
        )


async def tie_session(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    customer_id: UUID,
    value: str,
    at: datetime,
) -> Session:
    """Ties a session to a customer; doing so again changes nothing."""
    actor.require(Permission.CUSTOMER_WRITE)
    require_open(picture.workspace, writing=True)
    node_id = await keep_reachable(tx, actor, customer_id=customer_id)
    picture.workspace.entry_node(node_id)
    tied = await claim_session(
        tx, actor, customer_id=customer_id, node_id=node_id, value=value, at=at
    )
    await count_changed(tx, picture.workspace, tied.claimed)
    await updates.append_updates(tx, actor.workspace_id, tied.announced, at=at)
    return tied.session


async def claim_session(
    tx: Transaction,
    actor: Actor,
    *,
    customer_id: UUID,
    node_id: UUID,
    value: str,
    at: datetime,
) -> Tied:
    """Claims the value inside the node; raises Conflict when another customer has it.

    The caller has made sure that the customer stays until commit. A value under which events
    came while nobody had it is a claim of nobody's: taking it over waits for writers that are
    just recording such events, so none is missed.
    """
    if not 0 < len(value) <= SESSION_LENGTH_MAX:
        message = f"must have 1 to {SESSION_LENGTH_MAX} characters"
        raise Invalid("session is not valid", fields=(FieldError("value", message),))
    key = session_key(node_id, value)
    wanted = Identifier(SESSION_CLAIM, key, customer_id, node_id)
    if not await identifiers.take_over(tx, actor.workspace_id, wanted):
        return await _known(tx, actor, wanted=wanted, value=value)
    session = Session(uuid7(at), customer_id, node_id, value, at)
    await sessions.insert_sessions(tx, actor.workspace_id, [session], at=at)
    return Tied(session, await _claim_events(tx, actor, session, at=at))


async def _known(tx: Transaction, actor: Actor, *, wanted: Identifier, value: str) -> Tied:
    held = await sessions.find_session_by_value(
        tx,
        actor.workspace_id,
        customer_id=wanted.customer_id,
        node_id=wanted.node_id,
        value=value,
    )
    if held is None:
        raise Conflict("the session belongs to another customer")
    return Tied(held)


async def _claim_events(
    tx: Transaction, actor: Actor, session: Session, *, at: datetime
) -> tuple[EventMove, ...]:
    bring_back = BringBack(BringBackBy.SESSION_ID, session.value, session.node_id)
    found = await events.lock_anonymous(tx, actor.workspace_id, bring_back)
    claimed = tuple(
        (one, replace(one, customer_id=session.customer_id, updated_at=at, version=one.version + 1))
        for one in found
    )
    await events.claim_anonymous(
        tx,
        actor.workspace_id,
        event_ids=[one.id for one in found],
        customer_id=session.customer_id,
        at=at,
    )
    return claimed


async def list_sessions(tx: Transaction, actor: Actor, *, customer_id: UUID) -> Sequence[Session]:
    actor.require(Permission.SESSION_READ)
    customer = await find_reachable(tx, actor, customer_id=customer_id)
    return [
        session
        for one in await _owners(tx, actor, customer)
        for session in await sessions.list_sessions(
            tx, actor.workspace_id, customer_id=one, node_id=customer.node_id
        )
    ]


async def read_session(
    tx: Transaction, actor: Actor, *, customer_id: UUID, session_id: UUID
) -> Session:
    actor.require(Permission.SESSION_READ)
    customer = await find_reachable(tx, actor, customer_id=customer_id)
    for one in await _owners(tx, actor, customer):
        found = await sessions.find_session(
            tx,
            actor.workspace_id,
            customer_id=one,
            node_id=customer.node_id,
            session_id=session_id,
        )
        if found is not None:
            return found
    raise NotFound(f"session not found {session_id}")


async def drop_session(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    customer_id: UUID,
    session_id: UUID,
) -> None:
    """Frees the value; events that were tied through the session stay with the customer."""
    actor.require(Permission.CUSTOMER_DELETE)
    require_open(picture.workspace, writing=True)
    customer = await find_reachable(tx, actor, customer_id=customer_id)
    for one in await _owners(tx, actor, customer):
        value = await sessions.delete_session(
            tx, actor.workspace_id, customer_id=one, session_id=session_id
        )
        if value is not None:
            key = session_key(customer.node_id, value)
            await identifiers.release(
                tx, actor.workspace_id, kind=SESSION_CLAIM, values=[key], customer_id=one
            )
            return
    raise NotFound(f"session not found {session_id}")


async def _owners(tx: Transaction, actor: Actor, customer: Customer) -> Sequence[UUID]:
    """The customer, and whoever was merged with it: each keeps its own sessions."""
    if not customer.merged:
        return (customer.id,)
    return await group_of(tx, actor, customer_id=customer.id)

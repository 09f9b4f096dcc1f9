"""Keeping out whom the workspace was told to forget, and letting them in again when told so."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.identifiers import values_of
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.customers import Profile
from onefold.model.errors import FieldError, Invalid
from onefold.model.identifiers import IdentifierKind, normalise_email
from onefold.model.ids import NIL
from onefold.model.suppression import Forgotten, marks_of
from onefold.model.workspaces import Node
from onefold.store import suppressions

REASON = "this person was forgotten and is not taken in again unless readmitted"


async def suppress(
    tx: Transaction,
    actor: Actor,
    *,
    customer_id: UUID,
    node_id: UUID,
    values: Iterable[tuple[str, str]],
    at: datetime,
) -> int:
    """Keeps out, from now on, whoever has one of these identifiers; how many marks that are."""
    marks = marks_of(values, node_id=node_id)
    await suppressions.add_suppressions(
        tx, actor.workspace_id, marks, customer_id=customer_id, at=at
    )
    return len(marks)


async def find_suppressed(
    tx: Transaction, actor: Actor, *, picture: Picture, asked: Mapping[UUID, frozenset[str]]
) -> set[UUID]:
    """Those of the asked, by any id, of whose marks one is kept out.

    Nothing is looked up in a workspace that was never told to forget anybody.
    """
    if not picture.workspace.suppresses or not asked:
        return set()
    marks = frozenset().union(*asked.values())
    known = await suppressions.find_suppressions(tx, actor.workspace_id, marks)
    return {one for one, mine in asked.items() if not known.isdisjoint(mine)}


async def refuse_suppressed(
    tx: Transaction, actor: Actor, *, picture: Picture, marks: frozenset[str], readmit: bool
) -> None:
    """Raises Forgotten for a new customer who is kept out, unless it is let in for good."""
    if not picture.workspace.suppresses:
        return
    if readmit:
        await suppressions.drop_suppressions(tx, actor.workspace_id, marks)
    elif await suppressions.find_suppressions(tx, actor.workspace_id, marks):
        raise Forgotten(REASON)


def marks_of_profile(
    tx: Transaction, profile: Profile, *, node: Node, key: str | None, region: str | None
) -> frozenset[str]:
    """The marks of a customer as it would be stored in the node under this unique key."""
    values = list(values_of(tx.sealer, profile, region))
    if key is not None:
        values.append((IdentifierKind.UNIQUE.value, key))
    return marks_of(values, node_id=node.id)


async def find_by_email(tx: Transaction, actor: Actor, *, email: str) -> list[UUID]:
    """Whoever has this address, in any node."""
    actor.require(Permission.CUSTOMER_FORGET)
    return await suppressions.customers_with_value(
        tx, actor.workspace_id, kind=IdentifierKind.EMAIL.value, value=_normal(email)
    )


async def readmit(tx: Transaction, actor: Actor, *, email: str) -> int:
    """Lets whoever was forgotten under this address come back; how many marks that took away."""
    actor.require(Permission.CUSTOMER_FORGET)
    marks = marks_of([(IdentifierKind.EMAIL.value, _normal(email))], node_id=NIL)
    return await suppressions.drop_suppressions(tx, actor.workspace_id, marks)


def _normal(email: str) -> str:
    normal = normalise_email(email)
    if normal is None:
        found = FieldError("email", "is not an e-mail address")
        raise Invalid("the e-mail address cannot be read", fields=(found,))
    return normal

"""Identifiers: normalised values that point at customers, and claims that exclude others."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from onefold.model.errors import Locked
from onefold.store.database import Transaction
from onefold.store.queries import queries

_SQL = queries("identifiers")
OPENINGS_MAX = 5


class Identifier(NamedTuple):
    """A value by which a customer is found; tuples so that batches sort and compare fast."""

    kind: str
    value: str
    customer_id: UUID
    node_id: UUID


async def find_holders(
    tx: Transaction, workspace_id: UUID, *, kind: str, values: Sequence[str]
) -> dict[str, UUID]:
    """Claimed value -> the one customer that holds it."""
    rows = await tx.connection.fetch(_SQL["find_holders"], workspace_id, kind, values)
    return {row[0]: row[1] for row in rows}


async def claim(
    tx: Transaction, workspace_id: UUID, claims: Sequence[Identifier], *, kind: str
) -> set[str]:
    """Takes claims of one kind and returns the values taken; the others are somebody else's.

    Sorted by value, so that two batches cannot wait for each other in a circle.
    """
    if not claims:
        return set()
    rows = await tx.connection.fetch(_SQL["claim"], workspace_id, kind, *_claimed(claims))
    return {row[0] for row in rows}


async def claim_unseen(
    tx: Transaction, workspace_id: UUID, claims: Sequence[Identifier], *, kind: str
) -> None:
    """Takes claims that nobody is expected to have; the driver's error when somebody has one."""
    if claims:
        await tx.connection.execute(_SQL["claim_unseen"], workspace_id, kind, *_claimed(claims))


def _claimed(claims: Sequence[Identifier]) -> tuple[list[str], list[UUID], list[UUID]]:
    ordered = sorted(claims)
    return (
        [one.value for one in ordered],
        [one.customer_id for one in ordered],
        [one.node_id for one in ordered],
    )


async def share_claims(
    tx: Transaction, workspace_id: UUID, claims: Sequence[tuple[str, UUID]], *, kind: str
) -> dict[str, UUID]:
    """Value -> its customer, the nil UUID for nobody; made where missing, fixed until commit.

    `claims` are values with their nodes. One that its customer gives back between the two
    statements is made again.
    """
    ordered = sorted(set(claims))
    values = [value for value, _ in ordered]
    nodes = [node_id for _, node_id in ordered]
    for _ in range(OPENINGS_MAX):
        await tx.connection.execute(_SQL["open_claims"], workspace_id, kind, values, nodes)
        rows = await tx.connection.fetch(_SQL["share_claims"], workspace_id, kind, values)
        if len(rows) == len(values):
            return {row[0]: row[1] for row in rows}
    raise Locked("a session keeps changing hands; try again")


async def take_over(tx: Transaction, workspace_id: UUID, wanted: Identifier) -> bool:
    """Takes a claim that is new or nobody's; False when a customer has it already."""
    if await claim(tx, workspace_id, [wanted], kind=wanted.kind):
        return True
    taken = await tx.connection.fetchval(
        _SQL["take_claim_of_nobody"],
        workspace_id,
        wanted.kind,
        wanted.value,
        wanted.customer_id,
    )
    return taken is not None


async def release(
    tx: Transaction, workspace_id: UUID, *, kind: str, values: Sequence[str], customer_id: UUID
) -> None:
    """Gives claims of a customer back; those that are somebody else's stay."""
    await tx.connection.execute(_SQL["release"], workspace_id, kind, values, customer_id)


async def release_node(tx: Transaction, workspace_id: UUID, *, kind: str, node_id: UUID) -> None:
    await tx.connection.execute(_SQL["release_node"], workspace_id, kind, node_id)


async def insert_identifiers(
    tx: Transaction, workspace_id: UUID, identifiers: Sequence[Identifier]
) -> None:
    """Values of customers that are new: nobody can have stored them before."""
    await _insert(tx, workspace_id, identifiers, _SQL["insert_identifiers"])


async def add_identifiers(
    tx: Transaction, workspace_id: UUID, identifiers: Sequence[Identifier]
) -> None:
    """The same for customers that may have some of them already."""
    await _insert(tx, workspace_id, identifiers, _SQL["add_identifiers"])


async def _insert(
    tx: Transaction, workspace_id: UUID, identifiers: Sequence[Identifier], statement: str
) -> None:
    if not identifiers:
        return
    ordered = sorted(identifiers)
    await tx.connection.execute(
        statement,
        workspace_id,
        [one.kind for one in ordered],
        [one.value for one in ordered],
        [one.customer_id for one in ordered],
        [one.node_id for one in ordered],
    )


async def drop_identifiers(
    tx: Transaction, workspace_id: UUID, identifiers: Sequence[Identifier]
) -> None:
    if not identifiers:
        return
    ordered = sorted(identifiers)
    await tx.connection.execute(
        _SQL["drop_identifiers"],
        workspace_id,
        [one.kind for one in ordered],
        [one.value for one in ordered],
        [one.customer_id for one in ordered],
    )


async def delete_identifiers(tx: Transaction, workspace_id: UUID, *, customer_id: UUID) -> None:
    await tx.connection.execute(_SQL["delete_identifiers"], workspace_id, customer_id)


async def find_by_identifiers(
    tx: Transaction, workspace_id: UUID, *, kind: str, values: Sequence[str], node_id: UUID
) -> dict[str, UUID]:
    """Value -> the oldest customer of the node that has it."""
    rows = await tx.connection.fetch(
        _SQL["find_by_identifiers"], workspace_id, kind, values, node_id
    )
    found: dict[str, UUID] = {}
    for value, customer_id in rows:
        found.setdefault(value, customer_id)
    return found


async def count_orphans(tx: Transaction, workspace_id: UUID) -> int:
    return int(await tx.connection.fetchval(_SQL["count_orphans"], workspace_id))

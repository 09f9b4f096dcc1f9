"""The consent log as people read it, and whether it is still what was written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.consents import (
    Chain,
    ConsentEntry,
    ConsentFilter,
    ConsentSort,
    LoggedLine,
    is_intact,
)
from onefold.model.errors import NotFound
from onefold.model.identifiers import IdentifierKind
from onefold.model.ids import NIL
from onefold.model.matching import key_of_values
from onefold.model.workspaces import NodeKind
from onefold.store import consents, identifiers

CHAINS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """Lines of one page, and how many there are in all."""

    lines: tuple[LoggedLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of a workspace's log found.

    `broken` are customers whose lines are not those that were written; `missing` says how many
    numbers have no line. `seal` covers where every chain ends: noted elsewhere, it tells later
    whether even the whole log was written anew.
    """

    customers: int
    lines: int
    broken: tuple[UUID, ...]
    missing: int
    seal: str

    @property
    def intact(self) -> bool:
        return not self.broken and not self.missing


async def find_line(tx: Transaction, actor: Actor, *, number: int) -> LoggedLine:
    """Raises NotFound also for a line about a customer of a node that is out of reach."""
    actor.require(Permission.CONSENT_READ)
    found = await consents.find_consent_line(
        tx, actor.workspace_id, number=number, node_ids=actor.node_ids
    )
    if found is None:
        raise NotFound(f"consent log entry not found {number}")
    return found


async def list_lines(
    tx: Transaction,
    actor: Actor,
    *,
    wanted: ConsentFilter,
    sort: tuple[ConsentSort, bool],
    offset: int,
    limit: int,
) -> ConsentPage:
    """A page of lines within reach; `sort` says by what, and whether the largest comes first."""
    actor.require(Permission.CONSENT_READ)
    wanted = replace(wanted, node_ids=_within_reach(actor, wanted.node_ids))
    found = await consents.search_consent_log(
        tx, actor.workspace_id, wanted=wanted, sort=sort, offset=offset, limit=limit
    )
    total = await consents.count_consent_log(tx, actor.workspace_id, wanted=wanted)
    return ConsentPage(tuple(found), total)


async def find_customers(
    tx: Transaction, actor: Actor, *, picture: Picture, values: Mapping[str, Any]
) -> frozenset[UUID]:
    """Whoever has, or had when a line was written, these unique properties; by core path.

    In every entry node whose unique properties are among the values; the others do not count.
    """
    actor.require(Permission.CONSENT_READ)
    keys = [
        key_of_values(node, [values[path] for path in node.unique.paths])
        for node in picture.workspace.nodes.values()
        if node.kind is NodeKind.ENTRY
        and node.unique.paths
        and values.keys() >= {*node.unique.paths}
    ]
    if not keys:
        return frozenset()
    held = await identifiers.find_holders(
        tx, actor.workspace_id, kind=IdentifierKind.UNIQUE, values=keys
    )
    subjects = [tx.sealer.fingerprint(key) for key in keys]
    known = await consents.customers_of_subjects(tx, actor.workspace_id, subjects=subjects)
    return frozenset(known | set(held.values()))


async def verify_log(tx: Transaction, actor: Actor) -> Verdict:
    """Holds every line of the workspace against its digest, chain and number."""
    actor.require(Permission.CONSENT_READ)
    extent, given = await consents.extent_of_log(tx, actor.workspace_id)
    ends = sha256()
    broken: list[UUID] = []
    customers = lines = 0
    after = NIL
    while chains := await consents.list_chains(
        tx, actor.workspace_id, after=after, limit=CHAINS_AT_ONCE
    ):
        logs = await consents.list_consent_logs(
            tx, actor.workspace_id, customer_ids=[chain.customer_id for chain in chains]
        )
        for chain in chains:
            log = logs[chain.customer_id]
            lines += len(log)
            ends.update(_end_of(chain))
            if not is_intact(log, chain):
                broken.append(chain.customer_id)
        customers += len(chains)
        after = chains[-1].customer_id
    missing = _missing(extent, given) + abs(extent.lines - lines)
    return Verdict(customers, extent.lines, tuple(broken), missing, ends.hexdigest())


def _missing(extent: consents.LogExtent, given: int) -> int:
    """How far the numbers of a log are from being 1 to the last that was given, each once."""
    outside = max(0, 1 - extent.lowest) + max(0, extent.highest - given) if extent.lines else 0
    return abs(given - extent.numbers) + abs(extent.lines - extent.numbers) + outside


async def read_consent_log(
    tx: Transaction, actor: Actor, *, customer_id: UUID
) -> list[ConsentEntry]:
    """The consent log of a customer, whether or not the customer still exists."""
    actor.require(Permission.CUSTOMER_READ)
    return await consents.list_consent_log(tx, actor.workspace_id, customer_id=customer_id)


def _within_reach(actor: Actor, wanted: frozenset[UUID] | None) -> frozenset[UUID] | None:
    if actor.node_ids is None or wanted is None:
        return actor.node_ids if wanted is None else wanted
    return wanted & actor.node_ids


def _end_of(chain: Chain) -> bytes:
    return chain.customer_id.bytes + chain.entries.to_bytes(8, "big") + (chain.head or b"")

"""Customers who are probably all new, as an import brings them: their rows are made ahead.

The write path works customer by customer, because a draft may meet any state. An import of
thousands mostly meets nobody: then all about the rows can be told before the transaction, while
the database stores the batch before, and they are written column by column. What is stored is the
same to the letter: tests/actions/test_imports_newcomers.py holds the two against each other.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from onefold.actions.customers.consent_lines import consent_lines, subject_of
from onefold.actions.customers.plans import Plan
from onefold.actions.directory import Picture, require_open
from onefold.actions.identifiers import plain_values_of, values_of
from onefold.actions.suppression import find_suppressed
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.consents import Chain
from onefold.model.customers import EMPTY_PROFILE
from onefold.model.identifiers import IdentifierKind
from onefold.model.plain import PlainRecord
from onefold.model.population import reach_by, reach_of
from onefold.model.rollups import NodeCount, local_day
from onefold.model.suppression import marks_of
from onefold.store import identifiers, newcomers, rollups
from onefold.store.customers import json_of
from onefold.store.database import encode_json
from onefold.store.identifiers import Identifier
from onefold.store.newcomers import Newcomer
from onefold.store.sealing import Sealer

Wanted = Sequence[tuple[str | None, Newcomer]]
"""Newcomers with their claims."""

Wait = Callable[[], Awaitable[None]]
"""Waits for those who are to be stored before."""


def newcomer_of(
    plan: Plan, actor: Actor, *, sealer: Sealer, region: str | None, at: datetime
) -> Newcomer | None:
    """What a new customer's rows will hold; None for a draft that must meet somebody, or that
    does more than write a customer.
    """
    draft = plan.draft
    if not plan.is_open or draft.session is not None or draft.readmit:
        return None
    if plan.plain is not None:
        return _plain_newcomer(draft.new_id, plan.plain, region=region, at=at)
    fresh = plan.fresh
    lines = tuple(
        consent_lines(
            actor, EMPTY_PROFILE.consents, fresh.consents, chain=Chain(draft.new_id), at=at
        )
    )
    return Newcomer(
        draft.new_id,
        at,
        bytes(json_of(sealer, fresh)).decode(),
        tuple(dict.fromkeys(values_of(sealer, fresh, region))),
        lines,
        subject_of(sealer, plan.key) if lines else None,
        reach_of(fresh),
    )


def _plain_newcomer(
    new_id: UUID, record: PlainRecord, *, region: str | None, at: datetime
) -> Newcomer:
    """The same of a plain record: nothing in it is sealed and nothing is a consent."""
    document = encode_json(record.document)
    values = tuple(dict.fromkeys(plain_values_of(record, region)))
    email, mobile = "contact.email" in record.values, "contact.mobile" in record.values
    return Newcomer(new_id, at, document, values, (), None, reach_by(email=email, mobile=mobile))


async def claim_newcomers(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node_id: UUID,
    wanted: Wanted,
    unseen: bool = False,
) -> list[Newcomer]:
    """Those whose claim is free, now theirs; the others are not new after all, or were forgotten
    before.

    `unseen` says that all are expected to be new: it costs half, and where one is not, the
    transaction fails and is to be run again without.

    `wanted` are newcomers of one moment with their claims, each claim once, in the order of ids.
    """
    actor.require(Permission.CUSTOMER_WRITE)
    require_open(picture.workspace, writing=True)
    actor.require_node(picture.workspace.entry_node(node_id).id)
    if picture.workspace.suppresses:
        wanted = await _without_suppressed(tx, actor, picture, node_id, wanted)
    taken = await _claim(tx, actor, node_id, wanted, unseen=unseen)
    return [one for key, one in wanted if key is None or key in taken]


async def save_newcomers(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node_id: UUID,
    new: Sequence[Newcomer],
    numbers: Sequence[int],
    job_id: UUID | None,
    wait: Wait,
) -> None:
    """Stores customers who have their claims and numbers. Others are waited for before the
    counters and the stream, from where on other writers wait for us.
    """
    if not new:
        return
    await newcomers.insert_newcomers(
        tx, actor, new, node_id=node_id, numbers=numbers, job_id=job_id
    )
    await wait()
    day = local_day(new[0].at, picture.workspace.zone())
    await rollups.add_node_counts(tx, actor.workspace_id, {(day, node_id): _count(new)})
    await newcomers.announce_newcomers(tx, actor.workspace_id, new, node_id=node_id)


async def _without_suppressed(
    tx: Transaction, actor: Actor, picture: Picture, node_id: UUID, wanted: Wanted
) -> Wanted:
    unique = IdentifierKind.UNIQUE.value
    asked = {
        one.id: marks_of(
            one.values if key is None else (*one.values, (unique, key)), node_id=node_id
        )
        for key, one in wanted
    }
    kept_out = await find_suppressed(tx, actor, picture=picture, asked=asked)
    return [(key, one) for key, one in wanted if one.id not in kept_out]


async def _claim(
    tx: Transaction, actor: Actor, node_id: UUID, wanted: Wanted, *, unseen: bool
) -> set[str]:
    kind = IdentifierKind.UNIQUE
    claims = [Identifier(kind.value, key, one.id, node_id) for key, one in wanted if key]
    if not unseen:
        return await identifiers.claim(tx, actor.workspace_id, claims, kind=kind)
    await identifiers.claim_unseen(tx, actor.workspace_id, claims, kind=kind)
    return {one.value for one in claims}


def _count(new: Sequence[Newcomer]) -> NodeCount:
    return NodeCount(
        added=len(new),
        by_both=sum(one.reach.by_both for one in new),
        by_email=sum(one.reach.by_email for one in new),
        by_mobile=sum(one.reach.by_mobile for one in new),
    )

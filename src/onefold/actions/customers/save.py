"""Saving customers: the one write path, and it is a batch.

One transaction of one workspace takes many drafts and gives one outcome each; an error belongs
to its draft and never to a neighbour. The steps, in the order in which they lock: claims of
unique values, customers by id, the counter of numbers, the lane of the update stream.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from onefold.actions.customers.batch import Batch
from onefold.actions.customers.drafts import CustomerDraft, Operation, Outcome, Saved
from onefold.actions.customers.plans import Plan, plan_drafts
from onefold.actions.customers.write import write_batch
from onefold.actions.directory import Picture, require_open
from onefold.actions.merges import as_merged
from onefold.actions.sessions import claim_session
from onefold.actions.suppression import marks_of_profile, refuse_suppressed
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.changes import apply_change
from onefold.model.customers import Customer, Profile
from onefold.model.documents import same_profile
from onefold.model.errors import Conflict, FieldError, Invalid, Locked, NotFound, Refusal
from onefold.model.identifiers import IdentifierKind
from onefold.model.limits import require_room
from onefold.model.matching import match_cause, require_properties, touches_unique, unique_key
from onefold.model.updates import Change
from onefold.model.workspaces import Node, OnMatch
from onefold.store import identifiers
from onefold.store.identifiers import Identifier

BATCH_DRAFTS_MAX = 5000
SEARCHES_MAX = 5


async def save_customers(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    drafts: Sequence[CustomerDraft],
    at: datetime,
    job_id: UUID | None = None,
) -> list[Outcome]:
    """Saves every draft that can be saved; outcomes come in the order of the drafts."""
    plans = plan_drafts(actor, picture, drafts=drafts, at=at)
    return await save_plans(tx, actor, picture=picture, plans=plans, at=at, job_id=job_id)


async def save_plans(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    plans: Sequence[Plan | Refusal],
    at: datetime,
    job_id: UUID | None = None,
) -> list[Outcome]:
    """The same for drafts that were planned before, in this very picture."""
    actor.require(Permission.CUSTOMER_WRITE)
    require_open(picture.workspace, writing=True)
    batch = Batch(tx, actor, picture, at=at)
    await _resolve(batch, [plan for plan in plans if isinstance(plan, Plan)])
    outcomes = [
        plan if isinstance(plan, Refusal) else await _save_or_refusal(batch, plan) for plan in plans
    ]
    created = await write_batch(batch, job_id=job_id)
    settled = [_with_number(outcome, created) for outcome in outcomes]
    return await _as_merged(batch, settled) if picture.workspace.merges else settled


async def _resolve(batch: Batch, plans: Sequence[Plan]) -> None:
    """Finds, claims and locks the customer behind every draft, all drafts at once."""
    keyed = [plan for plan in plans if plan.key is not None]
    holders = await _find_holders(batch, {plan.key for plan in keyed if plan.key})
    fresh: dict[str, Identifier] = {}
    for plan in keyed:
        key = plan.key or ""
        if key not in holders and plan.node:
            kind = IdentifierKind.UNIQUE.value
            fresh.setdefault(key, Identifier(kind, key, plan.draft.new_id, plan.node.id))
    taken = await _claim(batch, fresh)
    batch.claimed.update({key: one for key, one in fresh.items() if key in taken})
    lost = fresh.keys() - taken
    if lost:
        holders |= await _find_holders(batch, lost)
    for plan in keyed:
        key = plan.key or ""
        claimed = batch.claimed.get(key) if key in taken else None
        plan.target = claimed.customer_id if claimed else holders.get(key)
    wanted = {plan.target for plan in plans if plan.target is not None}
    await batch.lock(wanted - {one.customer_id for one in batch.claimed.values()})


async def _find_holders(batch: Batch, keys: set[str]) -> dict[str, UUID]:
    if not keys:
        return {}
    return await identifiers.find_holders(
        batch.tx, batch.workspace_id, kind=IdentifierKind.UNIQUE, values=sorted(keys)
    )


async def _claim(batch: Batch, fresh: dict[str, Identifier]) -> set[str]:
    return await identifiers.claim(
        batch.tx, batch.workspace_id, list(fresh.values()), kind=IdentifierKind.UNIQUE
    )


def _is_settled(batch: Batch, plan: Plan) -> bool:
    """Whether the plan still leads where its key does.

    While we waited for a lock its customer may have been deleted or got another value, and so
    it may by an earlier draft of the batch; a claim may have been given back.
    """
    if plan.key is None or plan.node is None:
        return True
    current = batch.customer(plan.target)
    if current is not None:
        return unique_key(plan.node, current.profile) == plan.key
    claimed = batch.claimed.get(plan.key)
    return claimed is not None and claimed.customer_id == plan.target


async def _give_back(batch: Batch, plan: Plan) -> None:
    """A claim whose draft was refused after all must not keep others out."""
    claimed = batch.claimed.get(plan.key or "")
    if claimed is not None and claimed.customer_id not in batch.created:
        del batch.claimed[claimed.value]
        await _release(batch, claimed.value, claimed.customer_id)


async def _release(batch: Batch, key: str, customer_id: UUID) -> None:
    await identifiers.release(
        batch.tx,
        batch.workspace_id,
        kind=IdentifierKind.UNIQUE,
        values=[key],
        customer_id=customer_id,
    )


async def _save_or_refusal(batch: Batch, plan: Plan) -> Outcome:
    try:
        return await _save(batch, plan)
    except Refusal as refusal:
        await _give_back(batch, plan)
        return refusal


async def _save(batch: Batch, plan: Plan) -> Saved:
    for _ in range(SEARCHES_MAX):
        if _is_settled(batch, plan):
            break
        await _resolve(batch, [plan])
    else:
        raise Locked("the customer with these unique properties keeps changing; try again")
    current = batch.customer(plan.target)
    if current is None:
        return await _create(batch, plan)
    return await _change(batch, plan, current)


async def _create(batch: Batch, plan: Plan) -> Saved:
    draft, node = plan.draft, plan.node
    if node is None or not plan.is_open:
        raise NotFound(f"customer not found {draft.customer_id}")
    customer_id = plan.target or draft.new_id
    if batch.picture.workspace.suppresses:
        await _refuse_suppressed(batch, plan, node, plan.fresh)
    tied = await _tie_session(batch, draft, customer_id=customer_id, node_id=node.id)
    customer = batch.create(customer_id, node.id, plan.fresh)
    batch.announced.extend(tied)
    return Saved(customer, created=True, changed=True)


async def _refuse_suppressed(batch: Batch, plan: Plan, node: Node, fresh: Profile) -> None:
    """Whoever was forgotten here does not come back by itself."""
    region = batch.picture.workspace.settings.region
    marks = marks_of_profile(batch.tx, fresh, node=node, key=plan.key, region=region)
    await refuse_suppressed(
        batch.tx, batch.actor, picture=batch.picture, marks=marks, readmit=plan.draft.readmit
    )


async def _change(batch: Batch, plan: Plan, current: Customer) -> Saved:
    draft = plan.draft
    batch.actor.require_node(current.node_id)
    node = batch.picture.workspace.entry_node(current.node_id)
    matched = draft.customer_id is None
    if matched and (draft.must_be_new or node.unique.on_match is OnMatch.REFUSE):
        raise conflict_with(current.id)
    if draft.node_id is not None and draft.node_id != current.node_id:
        message = "nodeId cannot change"
        raise Invalid(message, fields=(FieldError("node_id", "cannot change"),))
    profile = apply_change(current.profile, draft.change, at=batch.at)
    require_properties(node, profile)
    require_room(profile, draft.change)
    moves = touches_unique(node, draft.change) or draft.operation is Operation.REVERT
    claimed = await _claim_anew(batch, node, current, profile) if moves else None
    try:
        tied = await _tie_session(batch, draft, customer_id=current.id, node_id=current.node_id)
    except Refusal:
        if claimed is not None:
            await _release(batch, claimed, current.id)
        raise
    if claimed is not None:
        await _release(batch, unique_key(node, current.profile) or "", current.id)
    saved = _changed(batch, node, plan, current, profile)
    batch.announced.extend(tied)
    return saved


def _changed(batch: Batch, node: Node, plan: Plan, current: Customer, profile: Profile) -> Saved:
    if same_profile(profile, current.profile):
        return Saved(current, created=False, changed=False)
    matched = plan.draft.customer_id is None
    operation = Operation.MERGE if matched else plan.draft.operation
    cause = match_cause(node) if matched else None
    changed = batch.change(current, profile, operation=operation, cause=cause)
    return Saved(changed, created=False, changed=True)


async def _claim_anew(batch: Batch, node: Node, current: Customer, profile: Profile) -> str | None:
    """Takes the claim of the new profile when it differs; the old one is not yet given back."""
    old, new = unique_key(node, current.profile), unique_key(node, profile)
    if old == new or new is None:
        return None
    wanted = Identifier(IdentifierKind.UNIQUE.value, new, current.id, node.id)
    if not await _claim(batch, {new: wanted}):
        holders = await _find_holders(batch, {new})
        raise conflict_with(holders.get(new))
    return new


async def _tie_session(
    batch: Batch, draft: CustomerDraft, *, customer_id: UUID, node_id: UUID
) -> tuple[Change, ...]:
    if draft.session is None:
        return ()
    tied = await claim_session(
        batch.tx,
        batch.actor,
        customer_id=customer_id,
        node_id=node_id,
        value=draft.session,
        at=batch.at,
    )
    batch.claimed_events.extend(tied.claimed)
    return tied.announced


async def _as_merged(batch: Batch, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Whoever was merged is answered as all of them together show."""
    saved = {one.customer.id: one.customer for one in outcomes if isinstance(one, Saved)}
    shown = await as_merged(batch.tx, batch.actor, found=list(saved.values()))
    seen = dict(zip(saved, shown, strict=True))
    return [
        replace(one, customer=seen[one.customer.id]) if isinstance(one, Saved) else one
        for one in outcomes
    ]


def conflict_with(customer_id: UUID | None) -> Conflict:
    """The refusal that names the customer who is there already."""
    return Conflict(
        f"Conflict with exiting customer {customer_id}", detail={"customer_id": customer_id}
    )


def _with_number(outcome: Outcome, created: Mapping[UUID, Customer]) -> Outcome:
    """New customers get their number last; the outcome shows it."""
    if not isinstance(outcome, Saved) or outcome.customer.number:
        return outcome
    shown = created[outcome.customer.id]
    if shown.version != outcome.customer.version:
        shown = replace(outcome.customer, number=shown.number)
    return Saved(shown, created=outcome.created, changed=outcome.changed)

"""Consents of the customers behind events that need one."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.event_owners import Owner
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.consents import Consents
from onefold.model.event_consents import purposes_for, require_consent
from onefold.model.events import BringBack, EventDraft
from onefold.store import customers

Owners = Mapping[UUID | BringBack, Owner]


async def read_consents(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    drafts: Iterable[EventDraft],
    owners: Owners,
) -> Mapping[UUID, Consents]:
    """By customer; nothing is read for events of types that need none."""
    policy = picture.workspace.settings.consents_for_events
    if not policy:
        return {}
    named = [one.customer_id or one.bring_back for one in drafts if purposes_for(policy, one.type)]
    found = (owners.get(one) for one in named if one is not None)
    wanted = {owner[0] for owner in found if owner is not None and owner[0] is not None}
    if not wanted:
        return {}
    known = await customers.find_customers(tx, actor.workspace_id, customer_ids=sorted(wanted))
    return {one.id: one.profile.consents for one in known}


def check_consent(
    picture: Picture, draft: EventDraft, owner: Owner, consents: Mapping[UUID, Consents]
) -> None:
    """Raises ConsentMissing when the event must not be kept."""
    policy = picture.workspace.settings.consents_for_events
    if policy:
        given = consents.get(owner[0]) if owner[0] is not None else None
        require_consent(given, purposes_for(policy, draft.type))

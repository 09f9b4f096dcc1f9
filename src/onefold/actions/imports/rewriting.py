"""Rows of events that are there already and say something else: they become what the rows say."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from onefold.actions.directory import Picture
from onefold.actions.event_changes import change_event
from onefold.actions.events import Outcome, Recorded
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.errors import FieldError, Invalid, Refusal
from onefold.model.event_catalog import EventCatalog
from onefold.model.events import Event, EventChange, EventDraft, inside_calendar
from onefold.store import events


class Rewriter(NamedTuple):
    """What every row of a batch is rewritten with."""

    tx: Transaction
    actor: Actor
    picture: Picture
    catalog: EventCatalog
    at: datetime

    async def rewrite(
        self, drafts: Sequence[EventDraft], outcomes: Sequence[Outcome]
    ) -> tuple[list[Outcome], list[bool]]:
        """The outcomes with those of events that had to change, and for each whether it had."""
        known = [one.event.id for one in outcomes if isinstance(one, Recorded) and not one.new]
        found = await events.find_events(self.tx, self.actor.workspace_id, event_ids=known)
        stored = {one.id: one for one in found}
        judged: list[Outcome] = []
        rewritten = []
        for draft, outcome in zip(drafts, outcomes, strict=True):
            is_known = isinstance(outcome, Recorded) and not outcome.new
            if not is_known or draft.id not in stored or not _differs(draft, stored[draft.id]):
                judged.append(outcome)
                rewritten.append(False)
                continue
            changed = await self._change(draft)
            judged.append(changed)
            rewritten.append(True)
            if isinstance(changed, Recorded):
                stored[draft.id] = changed.event
        return judged, rewritten

    async def _change(self, draft: EventDraft) -> Outcome:
        try:
            changed = await change_event(
                self.tx,
                self.actor,
                picture=self.picture,
                catalog=self.catalog,
                event_id=draft.id,
                decide=lambda stored: _change_of(draft, stored),
                at=self.at,
            )
        except Refusal as refusal:
            return refusal
        return Recorded(changed, new=False)


def _differs(draft: EventDraft, stored: Event) -> bool:
    wanted = (
        draft.customer_id,
        draft.type,
        draft.context,
        inside_calendar(draft.occurred_at),
        draft.properties,
        draft.context_info or {},
        draft.tracking or {},
    )
    return wanted != (
        stored.customer_id,
        stored.type,
        stored.context,
        stored.occurred_at,
        stored.properties,
        stored.context_info or {},
        stored.tracking or {},
    )


def _change_of(draft: EventDraft, stored: Event) -> EventChange:
    """Raises Invalid for what an event keeps for life."""
    if draft.type != stored.type:
        raise Invalid("the event cannot change", fields=(FieldError("type", "cannot change"),))
    if draft.customer_id != stored.customer_id:
        found = FieldError("customer.id", "cannot change")
        raise Invalid("the event cannot change", fields=(found,))
    return EventChange(
        properties=draft.properties,
        context=draft.context,
        context_info=draft.context_info or {},
        occurred_at=draft.occurred_at,
        tracking=draft.tracking or {},
    )

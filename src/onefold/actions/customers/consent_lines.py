"""What a change of a profile adds to the consent log of its customer."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from onefold.model.consents import (
    Chain,
    ConsentEntry,
    Consents,
    Decision,
    chained_entry,
    decisions_between,
)

EVENT_OF_ASPECT = {
    "status": "CONSENT_CHANGED",
    "limitation": "CONSENT_RESTRICTED",
    "objection": "CONSENT_OBJECTED",
}


def consent_lines(
    old: Consents, new: Consents, *, chain: Chain, at: datetime, actor_id: UUID | None
) -> Iterator[ConsentEntry]:
    """A line for each decision, chained to the one before; none when nothing was decided."""
    for event, decision in _decided(old, new):
        line = chained_entry(
            decision,
            event=event,
            chain=chain,
            at=at,
            notice_version=new.notice.version,
            actor_id=actor_id,
        )
        yield line
        chain = Chain(chain.customer_id, line.sequence, line.digest)


def _decided(old: Consents, new: Consents) -> Iterator[tuple[str, Decision | None]]:
    if old is new:
        return
    if old.notice != new.notice:
        yield "DISCLAIMER_READ", None
    for decision in decisions_between(old, new):
        yield EVENT_OF_ASPECT[decision.aspect], decision

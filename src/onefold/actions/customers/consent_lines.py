"""What a change of a profile adds to the consent log of its customer."""

from collections.abc import Iterator
from datetime import datetime

from onefold.model.access import Actor
from onefold.model.consents import (
    DISCLAIMER_READ,
    EVENT_OF_ASPECT,
    Author,
    Chain,
    ConsentEntry,
    Consents,
    Decision,
    chained_entry,
    decisions_between,
)
from onefold.store.sealing import Sealer


def consent_lines(
    actor: Actor, old: Consents, new: Consents, *, chain: Chain, at: datetime
) -> Iterator[ConsentEntry]:
    """A line for each decision, chained to the one before; none when nothing was decided."""
    for event, decision in _decided(old, new):
        line = chained_entry(
            decision,
            event=event,
            chain=chain,
            at=at,
            notice_version=new.notice.version,
            author=Author(actor.kind, actor.id),
        )
        yield line
        chain = Chain(chain.customer_id, line.sequence, line.digest)


def _decided(old: Consents, new: Consents) -> Iterator[tuple[str, Decision | None]]:
    if old is new:
        return
    if old.notice != new.notice:
        yield DISCLAIMER_READ, None
    for decision in decisions_between(old, new):
        yield EVENT_OF_ASPECT[decision.aspect], decision


def subject_of(sealer: Sealer, key: str | None) -> str | None:
    """What finds a customer's lines when the customer is gone: a keyed hash of the unique key."""
    return None if key is None else sealer.fingerprint(key)

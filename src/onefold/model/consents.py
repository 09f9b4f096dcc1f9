"""Consents: what a customer agreed to, purpose by purpose, and the log of every decision."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

PURPOSES = (
    "marketing.traditional.telephonic",
    "marketing.traditional.papery",
    "marketing.automatic.sms",
    "marketing.automatic.email",
    "marketing.automatic.push",
    "marketing.automatic.im",
    "marketing.automatic.telephonic",
    "profiling.classic",
    "profiling.online",
    "soft_spam.email",
    "soft_spam.papery",
    "third_party_transfer.profiling",
    "third_party_transfer.marketing",
)
"""Every purpose that can be agreed to, from the widest to the narrowest word."""

ASPECTS = ("status", "limitation", "objection")
"""What can be decided on a purpose: consent (GDPR art. 6), restriction (18), objection (21)."""

NOTICE = "notice"
"""Stands for a purpose where the privacy notice was read."""

DISCLAIMER_READ = "DISCLAIMER_READ"
DATA_EXPORTED = "DATA_PORTABILITY_REQUESTED"
FORGOTTEN = "FORCED_DELETE"
EVENT_OF_ASPECT: Mapping[str, str] = {
    "status": "CONSENT_CHANGED",
    "limitation": "CONSENT_RESTRICTED",
    "objection": "CONSENT_OBJECTED",
}
CONSENT_EVENTS = frozenset({DISCLAIMER_READ, DATA_EXPORTED, FORGOTTEN, *EVENT_OF_ASPECT.values()})
"""Everything that the log tells of."""

CHAIN_START = b"\0" * 32

_MOMENTS_KEPT_MAX = 16


@dataclass(frozen=True, slots=True)
class Consent:
    """The decisions on one purpose; None where nothing was decided."""

    status: bool | None = None
    limitation: bool | None = None
    objection: bool | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """The privacy notice that the customer saw."""

    date: datetime | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Consents:
    notice: Notice = field(default_factory=Notice)
    purposes: Mapping[str, Consent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """One change of one aspect of one purpose."""

    purpose: str
    aspect: str
    before: bool | None
    after: bool | None


class Author(NamedTuple):
    """Who decided, or wrote it down: a source, a member, the operator."""

    kind: str | None = None
    id: UUID | None = None


UNKNOWN = Author()


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """A line of the consent log, chained to the one before it in the log of its customer."""

    customer_id: UUID
    sequence: int
    at: datetime
    event: str
    decision: Decision | None
    notice_version: str | None
    author: Author
    previous: bytes
    digest: bytes


class ConsentLine(NamedTuple):
    """A line on its way into the log; `subject` finds its customer by what told it apart."""

    node_id: UUID
    subject: str | None
    entry: ConsentEntry


class LoggedLine(NamedTuple):
    """A line of the log as a list shows it: its number, and its author's if a member wrote it."""

    number: int
    entry: ConsentEntry
    member_number: int | None


def consent_lines_of(
    node_id: UUID, subject: str | None, entries: Sequence[ConsentEntry]
) -> list[ConsentLine]:
    """Lines of one write about one customer; the first alone is found by the subject."""
    return [
        ConsentLine(node_id, None if place else subject, entry)
        for place, entry in enumerate(entries)
    ]


@dataclass(frozen=True, slots=True)
class Chain:
    """How far the log of one customer goes: its lines, and the digest of the last one."""

    customer_id: UUID
    entries: int = 0
    head: bytes | None = None


def decisions_between(before: Consents, after: Consents) -> Iterator[Decision]:
    """Every aspect that differs, in the order of PURPOSES and ASPECTS."""
    if before.purposes == after.purposes:
        return
    nothing = Consent()
    for purpose in PURPOSES:
        if purpose not in before.purposes and purpose not in after.purposes:
            continue
        old = before.purposes.get(purpose, nothing)
        new = after.purposes.get(purpose, nothing)
        for aspect in ASPECTS:
            was, now = getattr(old, aspect), getattr(new, aspect)
            if was is not now:
                yield Decision(purpose, aspect, was, now)


def chained_entry(
    decision: Decision | None,
    *,
    event: str,
    chain: Chain,
    at: datetime,
    notice_version: str | None,
    author: Author,
) -> ConsentEntry:
    """The next line of a customer's log; its digest covers its content and the line before."""
    head = chain.head or CHAIN_START
    sequence = chain.entries + 1
    text = "\x1f".join(
        (
            str(chain.customer_id),
            str(sequence),
            _text_of(at),
            event,
            *_words(decision),
            notice_version or "",
            str(author.id or ""),
            *filter(None, (author.kind,)),
        )
    )
    digest = hashlib.sha256(head + text.encode()).digest()
    return ConsentEntry(
        chain.customer_id, sequence, at, event, decision, notice_version, author, head, digest
    )


@lru_cache(maxsize=_MOMENTS_KEPT_MAX)
def _text_of(at: datetime) -> str:
    """In UTC; a batch has many lines of one moment."""
    return at.astimezone(UTC).isoformat()


@dataclass(frozen=True, slots=True)
class ConsentFilter:
    """Which lines a list shows; empty parts do not restrict.

    `path` is a purpose with or without its aspect, the beginning of one, or NOTICE; `until` is
    not included.
    """

    customer_ids: frozenset[UUID] | None = None
    node_ids: frozenset[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None
    event: str | None = None
    path: str | None = None


class ConsentSort(StrEnum):
    """What lines are sorted by; those that are equal stay in the order of the log."""

    NUMBER = "number"
    DATE = "date"
    EVENT = "event"
    PATH = "path"
    CUSTOMER = "customer"


def is_intact(lines: Sequence[ConsentEntry], chain: Chain) -> bool:
    """Whether these are all lines up to the chain's end, in order, none changed since."""
    so_far = Chain(chain.customer_id)
    for line in lines:
        again = chained_entry(
            line.decision,
            event=line.event,
            chain=so_far,
            at=line.at,
            notice_version=line.notice_version,
            author=line.author,
        )
        if again != line:
            return False
        so_far = Chain(chain.customer_id, line.sequence, line.digest)
    return so_far == chain


def _words(decision: Decision | None) -> tuple[str, str, str, str]:
    if decision is None:
        return ("", "", "", "")
    return (decision.purpose, decision.aspect, str(decision.before), str(decision.after))

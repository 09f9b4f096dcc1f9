"""Exact retries: a request that comes again under its key is answered, not done again.

Key and deed are in one transaction, so there is no moment at which one exists without the other.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.errors import Conflict, Refusal
from onefold.model.retries import RetryKey
from onefold.store import retries

Draft = TypeVar("Draft")
Done = TypeVar("Done")


class Keyed(NamedTuple, Generic[Draft]):
    """A draft, and the key that its caller gave for it, if any."""

    draft: Draft
    retry: RetryKey | None


class Deed(NamedTuple, Generic[Draft, Done]):
    """How drafts are done, what an outcome stands for, and how it is told again."""

    do: Callable[[Sequence[Draft]], Awaitable[Sequence[Done | Refusal]]]
    id_of: Callable[[Done], UUID]
    tell: Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, Done]]]


async def do_once(
    tx: Transaction,
    actor: Actor,
    *,
    keyed: Sequence[Keyed[Draft]],
    deed: Deed[Draft, Done],
    at: datetime,
) -> list[Done | Refusal]:
    """One outcome for each draft, in order."""
    if all(one.retry is None for one in keyed):
        return list(await deed.do([one.draft for one in keyed]))
    keys = {_name(actor, one.retry): one.retry for one in reversed(keyed) if one.retry}
    named = [RetryKey(name, retry.request) for name, retry in keys.items()]
    fresh = await retries.claim_keys(tx, actor.workspace_id, named, at=at)
    firsts = _firsts(actor, keyed, fresh)
    done = await deed.do([keyed[position].draft for position in firsts])
    outcomes = dict(zip(firsts, done, strict=True))
    await _settle(tx, actor, keyed, outcomes, deed=deed)
    return await _complete(tx, actor, keyed, outcomes, deed=deed)


def _firsts(actor: Actor, keyed: Sequence[Keyed[Draft]], fresh: set[str]) -> list[int]:
    """Places of the drafts to do: those without a key, and the first under each new key."""
    waiting = set(fresh)
    firsts = []
    for position, one in enumerate(keyed):
        name = _name(actor, one.retry)
        if one.retry is None or name in waiting:
            firsts.append(position)
            waiting.discard(name)
    return firsts


async def _settle(
    tx: Transaction,
    actor: Actor,
    keyed: Sequence[Keyed[Draft]],
    outcomes: Mapping[int, Done | Refusal],
    *,
    deed: Deed[Draft, Done],
) -> None:
    done: dict[str, UUID] = {}
    refused: list[str] = []
    for position, outcome in outcomes.items():
        retry = keyed[position].retry
        if retry is None:
            continue
        if isinstance(outcome, Refusal):
            refused.append(_name(actor, retry))
        else:
            done[_name(actor, retry)] = deed.id_of(outcome)
    await retries.settle_keys(tx, actor.workspace_id, done)
    await retries.drop_keys(tx, actor.workspace_id, keys=refused)


async def _complete(
    tx: Transaction,
    actor: Actor,
    keyed: Sequence[Keyed[Draft]],
    outcomes: Mapping[int, Done | Refusal],
    *,
    deed: Deed[Draft, Done],
) -> list[Done | Refusal]:
    """Adds the outcomes of drafts that were done before, in this batch or an earlier one."""
    again = [one.retry for place, one in enumerate(keyed) if place not in outcomes and one.retry]
    names = [_name(actor, one) for one in again]
    known = await retries.find_keys(tx, actor.workspace_id, keys=names) if names else {}
    told = await deed.tell([entity for _, entity in known.values()]) if known else {}
    return [
        outcomes[position]
        if position in outcomes
        else _again(one.retry, known.get(_name(actor, one.retry)), told)
        for position, one in enumerate(keyed)
    ]


def _again(
    retry: RetryKey | None, known: tuple[bytes, UUID] | None, told: Mapping[UUID, Done]
) -> Done | Refusal:
    if retry is None or known is None:
        return Conflict("the request under this Idempotency-Key was refused")
    request, entity_id = known
    if request != retry.request:
        return Conflict("this Idempotency-Key was used for another request")
    return told.get(entity_id) or Conflict("what was done under this Idempotency-Key is gone")


def _name(actor: Actor, retry: RetryKey | None) -> str:
    """Keys of one caller do not meet those of another."""
    return f"{actor.id or ''}:{retry.key}" if retry else ""

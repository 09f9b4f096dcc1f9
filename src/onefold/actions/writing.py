"""Runs a batch's transaction: again when it came to nothing, item by item when one poisons it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from onefold.actions.transaction import (
    DRIVER_ERRORS,
    Database,
    Transaction,
    is_broken,
    is_transient,
    refusal_of,
)

Item = TypeVar("Item")
Result = TypeVar("Result")

PAUSES_SECONDS = (0.0, 0.2, 0.8, 2.0)
"""Before each further attempt: enough for a server to restart, short of what clients wait."""

Write = Callable[[Transaction, Sequence[Item]], Awaitable[Sequence[Result]]]


async def run_batch(
    database: Database, write: Write[Item, Result], items: Sequence[Item], *, slot: int = 0
) -> list[Result | BaseException]:
    """One result or error for each item, everything of one transaction or none of it.

    What the database itself refuses (a value that no check foresaw) belongs to one item: the
    batch is then stored item by item, so that its neighbours are not refused with it. So it is
    when others stand in its way each time: one item has fewer locks to wait for in a circle.
    """
    try:
        return list(await _attempt(database, write, items, slot=slot))
    except DRIVER_ERRORS as error:
        refused = refusal_of(error) is not None
        if not refused and not (is_transient(error) and len(items) > 1):
            raise
        if len(items) == 1:
            return [_refused(error)]
    return [await _store_alone(database, write, item, slot=slot) for item in items]


async def run(
    database: Database, write: Callable[[Transaction], Awaitable[Result]], *, slot: int = 0
) -> Result:
    """The result of one transaction, run again when another stood in its way."""

    async def single(tx: Transaction, _: Sequence[None]) -> Sequence[Result]:
        return [await write(tx)]

    (result,) = await run_batch(database, single, [None], slot=slot)
    if isinstance(result, BaseException):
        raise result
    return result


class NothingStored(Exception):
    """A transaction failed and has certainly left nothing; what went wrong is its cause."""


async def run_once(
    database: Database, write: Callable[[Transaction], Awaitable[Result]], *, slot: int = 0
) -> Result:
    """The result of one transaction; raises NothingStored when it may be run again."""
    written = False
    try:
        async with database.transaction(slot=slot) as tx:
            result = await write(tx)
            written = True
    except DRIVER_ERRORS as error:
        if written and not is_transient(error):
            raise
        raise NothingStored from error
    return result


async def _store_alone(
    database: Database, write: Write[Item, Result], item: Item, *, slot: int
) -> Result | BaseException:
    """What came of one item; its failure is not told to those that were stored before it."""
    try:
        (result,) = await run_batch(database, write, [item], slot=slot)
    except DRIVER_ERRORS as error:
        return error
    return result


async def _attempt(
    database: Database, write: Write[Item, Result], items: Sequence[Item], *, slot: int
) -> Sequence[Result]:
    for pause in PAUSES_SECONDS:
        written = False
        try:
            async with database.transaction(slot=slot) as tx:
                results = await write(tx, items)
                written = True
        except DRIVER_ERRORS as error:
            if not _came_to_nothing(error, written=written):
                raise
            await asyncio.sleep(pause)
        else:
            return results
    async with database.transaction(slot=slot) as tx:
        return await write(tx, items)


def _came_to_nothing(error: BaseException, *, written: bool) -> bool:
    """Whether it is certain that nothing was stored and worth another attempt.

    A connection that breaks once COMMIT is under way leaves open whether it was heard.
    """
    return is_transient(error) or (is_broken(error) and not written)


def _refused(error: BaseException) -> BaseException:
    refusal = refusal_of(error)
    if refusal is None:
        return error
    refusal.__cause__ = error
    return refusal

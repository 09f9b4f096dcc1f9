"""Runs a batch's transaction: again after a deadlock, item by item when one poisons it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from onefold.actions.transaction import (
    DRIVER_ERRORS,
    Database,
    Transaction,
    is_transient,
    refusal_of,
)

Item = TypeVar("Item")
Result = TypeVar("Result")

ATTEMPTS_MAX = 5

Write = Callable[[Transaction, Sequence[Item]], Awaitable[Sequence[Result]]]


async def run_batch(
    database: Database, write: Write[Item, Result], items: Sequence[Item], *, slot: int = 0
) -> list[Result | BaseException]:
    """One result or error for each item, everything of one transaction or none of it.

    What the database itself refuses (a value that no check foresaw) belongs to one item: the
    batch is then stored item by item, so that its neighbours are not refused with it.
    """
    try:
        return list(await _attempt(database, write, items, slot=slot))
    except DRIVER_ERRORS as error:
        if refusal_of(error) is None:
            raise
        if len(items) == 1:
            return [_refused(error)]
    results: list[Result | BaseException] = []
    for item in items:
        results.extend(await run_batch(database, write, [item], slot=slot))
    return results


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


async def _attempt(
    database: Database, write: Write[Item, Result], items: Sequence[Item], *, slot: int
) -> Sequence[Result]:
    for attempt in range(ATTEMPTS_MAX):
        try:
            async with database.transaction(slot=slot) as tx:
                return await write(tx, items)
        except DRIVER_ERRORS as error:
            if not is_transient(error) or attempt == ATTEMPTS_MAX - 1:
                raise
    raise AssertionError("unreachable")


def _refused(error: BaseException) -> BaseException:
    refusal = refusal_of(error)
    if refusal is None:
        return error
    refusal.__cause__ = error
    return refusal

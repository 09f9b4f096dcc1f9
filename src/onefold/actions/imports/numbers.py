"""Numbers for the customers that an import is about to make."""

from collections.abc import Sequence

from onefold.actions.transaction import Database, Transaction
from onefold.actions.writing import run
from onefold.model.access import Actor
from onefold.store import workspaces

_KIND = workspaces.CUSTOMER_NUMBERS


class NumberKeeper:
    """Takes numbers ahead, in a transaction of their own.

    Whoever takes one holds up all others who make customers until commit: an import of thousands
    would do so nearly all the time.
    """

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database = database
        self._workspace_id = actor.workspace_id
        self._spare: list[int] = []
        self._promised = 0

    async def promise(self, many: int) -> None:
        """Sees to it that so many more than were promised before will be there; none means that
        the import meets people who are known, and what is left over is not kept from others.
        """
        self._promised += many
        missing = self._promised - len(self._spare)
        if missing > 0:
            found = await run(self._database, lambda tx: self._next(tx, missing))
            self._spare.extend(found)  # not `+=` around the wait: meanwhile some are taken
        elif many == 0:
            await self._give_back(self._promised)

    def redeem(self, many: int) -> None:
        """Takes a promise back: of so many it is about to be known how many are needed."""
        self._promised = max(0, self._promised - many)

    async def take(self, tx: Transaction, many: int) -> Sequence[int]:
        """So many numbers, each greater than all before; out of the transaction itself when they
        were not promised.
        """
        if many > len(self._spare):
            return await self._next(tx, many)
        taken = self._spare[:many]
        del self._spare[:many]
        return taken

    async def close(self) -> None:
        """Gives back what was promised and not taken."""
        await self._give_back(0)

    async def _give_back(self, keep: int) -> None:
        """All but the first so many, unless somebody has gone on counting behind them."""
        spare = self._spare[keep:]
        del self._spare[keep:]
        if spare:
            await run(self._database, lambda tx: self._return(tx, spare))

    async def _return(self, tx: Transaction, spare: Sequence[int]) -> None:
        first, last = _last_run(spare), spare[-1]
        await workspaces.give_back_numbers(
            tx, self._workspace_id, kind=_KIND, first=first, last=last
        )

    async def _next(self, tx: Transaction, many: int) -> Sequence[int]:
        return await workspaces.next_numbers(tx, self._workspace_id, kind=_KIND, many=many)


def _last_run(numbers: Sequence[int]) -> int:
    """Where the numbers begin that follow each other up to the last one."""
    place = len(numbers) - 1
    while place and numbers[place - 1] == numbers[place] - 1:
        place -= 1
    return numbers[place]

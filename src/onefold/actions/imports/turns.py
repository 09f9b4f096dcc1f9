"""Two batches on their way at once: the next one begins while the one before is being stored.

Rows of a file take effect in their order all the same. A batch of nothing but new customers has
claimed all that it ever will long before it is committed; from then on the batch behind it may
begin in a transaction of its own. Whom it would make again it waits for in the database, and before
anything that all writers share it waits here until its turn has come.
"""

import asyncio

TURN_SECONDS_MAX = 10.0
"""Longer than any batch takes, on a slow disk too. Others may be waiting for us, and the batch
before us for them: a circle that the database cannot see, because we wait here."""


class Turn:
    """A batch's place behind the one before it; without one its turn has come.

    `is_attempt` says that the batch is stored again in another way when this one fails.
    """

    def __init__(self, before: "Turn | None" = None, *, is_attempt: bool = False) -> None:
        self.is_attempt = is_attempt
        self._before = before
        self._claimed = asyncio.Event()
        self._ended = asyncio.Event()

    def let_next_begin(self) -> None:
        """From here on this batch asks for nothing that the next one could have taken."""
        self._claimed.set()

    @property
    def next_may_begin(self) -> bool:
        return self._claimed.is_set()

    async def wait_for_room(self) -> None:
        """Waits until the next batch may begin."""
        await self._claimed.wait()

    async def come(self) -> None:
        """Waits until the batch before is stored; raises TimeoutError when it takes too long."""
        if self._before is not None:
            async with asyncio.timeout(TURN_SECONDS_MAX):
                await self._before.wait_for_end()
            self._before = None

    def end(self) -> None:
        """The batch is stored and told of."""
        self._ended.set()

    async def wait_for_end(self) -> None:
        await self._ended.wait()

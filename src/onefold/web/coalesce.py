"""Gathers concurrent requests for the same verb into one transaction.

There is no timer: while a batch is in flight the next one gathers, so a lone request does not
wait and many share the cost of a commit. Each is answered only after its commit. A batch holds
items of one key (a workspace and whoever acts in it). A second flusher sees to other keys, and
helps with a key of which enough is waiting.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Key = TypeVar("Key", bound=Hashable)

FLUSHERS = 2
HELP_ITEMS_MIN = 16
"""So many of a key must wait for the second flusher to help the first: a batch of one costs as many
round trips as a large one, and two that take what comes fall into one of all and many of one."""
BATCH_ITEMS_MAX = 256
WAITING_ITEMS_MAX = 20_000

Flush = Callable[[Key, Sequence[Item], int], Awaitable[Sequence[Result | BaseException]]]
"""Stores a batch: key, items, number of the flusher -> one result or error for each item."""


class Overloaded(Exception):
    """More is waiting than may; the caller should come back later."""


class Coalescer(Generic[Key, Item, Result]):
    """One verb's queue. `flush` is called with at most `items_max` items of one key."""

    def __init__(
        self, flush: Flush[Key, Item, Result], *, items_max: int = BATCH_ITEMS_MAX
    ) -> None:
        self._flush = flush
        self._items_max = items_max
        self._waiting: OrderedDict[Key, deque[tuple[Item, asyncio.Future[Result]]]] = OrderedDict()
        self._count = 0
        self._free = deque(range(FLUSHERS))
        self._in_flight: list[Key] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, key: Key, item: Item) -> Result:
        """The result of the item, after the commit of its batch; raises the item's own error.

        A caller that gives up does not take its item back: it may be in flight already.
        """
        if self._count >= WAITING_ITEMS_MAX:
            raise Overloaded
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append((item, future))
        self._count += 1
        if self._free:
            self._start()
        return await future

    async def drain(self) -> None:
        """Waits until everything that was submitted has been answered."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self) -> None:
        key = self._choose()
        if key is None:
            return
        task = asyncio.get_running_loop().create_task(self._work(self._free.popleft(), key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, flusher: int, first: Key) -> None:
        key: Key | None = first
        try:
            await asyncio.sleep(0)  # who arrives in the same moment comes along
            while key is not None:
                try:
                    await self._store(key, self._take(key), flusher)
                finally:
                    self._in_flight.remove(key)
                key = self._choose()
        finally:
            self._free.append(flusher)

    def _choose(self) -> Key | None:
        """The key that a free flusher sees to, noted as in flight; None when it had better wait.

        The oldest key that nobody sees to; else the oldest that has gathered enough beside it.
        """
        for key in self._waiting:
            if key not in self._in_flight or len(self._waiting[key]) >= HELP_ITEMS_MIN:
                self._in_flight.append(key)
                return key
        return None

    def _take(self, key: Key) -> list[tuple[Item, asyncio.Future[Result]]]:
        """The key's items; a key with more goes to the end, so that none starves."""
        queue = self._waiting.pop(key, deque())
        batch = [queue.popleft() for _ in range(min(len(queue), self._items_max))]
        if queue:
            self._waiting[key] = queue
        self._count -= len(batch)
        return batch

    async def _store(
        self, key: Key, batch: list[tuple[Item, asyncio.Future[Result]]], flusher: int
    ) -> None:
        if not batch:  # the other flusher was quicker
            return
        try:
            results = await self._flush(key, [item for item, _ in batch], flusher)
            answers = list(zip(batch, results, strict=True))
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), result in answers:
            if future.done():  # its caller has gone
                continue
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)

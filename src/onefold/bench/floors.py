"""The least that an HTTP server could do for the same request: bare ASGI applications.

`python -m onefold.bench.floors NAME DIR PORT` serves one, on the same uvicorn with the same
options as `onefold serve`. Nothing is checked, nobody is asked who they are, and no more is stored
than the one row.
"""

import asyncio
import json
import sys
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn

from onefold.actions.context import Context
from onefold.assembly.context import open_context
from onefold.bench.statements import statement, statement_of_store
from onefold.model.ids import uuid7
from onefold.settings import settings_from

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

FLUSHERS = 2
GROUP_ROWS_MAX = 256
UUID_CHARACTERS = 36


class Answering:
    """Reads the body and answers: what HTTP itself costs."""

    async def open(self, context: Context) -> None:
        """Nothing to prepare."""

    async def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        return (202, b'{"bytes":%d}' % len(body)) if body else (200, path.encode())

    async def close(self) -> None:
        """Nothing to end."""


class Reading(Answering):
    """The product's own SELECT of one customer, its profile sent as it comes."""

    async def open(self, context: Context) -> None:
        self._pool = context.database.pool
        self._statement = statement_of_store("customers", "find_customer")

    async def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        _, _, _, _, workspace_id, _, customer_id = path.rsplit("/", 6)
        async with self._pool.acquire() as connection:
            row = await connection.fetchrow(
                self._statement, UUID(workspace_id), UUID(customer_id[:UUID_CHARACTERS])
            )
        return (200, row[3].encode()) if row else (404, body)


class Storing(Answering):
    """One row an event, in groups: while a group is on its way the next one gathers."""

    async def open(self, context: Context) -> None:
        self._pool = context.database.pool
        self._statement = statement("insert_floor_events")
        self._waiting: deque[tuple[tuple[object, ...], asyncio.Future[None]]] = deque()
        self._woken = asyncio.Event()
        self._flushers = [asyncio.create_task(self._flush()) for _ in range(FLUSHERS)]

    async def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        del path
        event = json.loads(body)
        at = datetime.fromisoformat(event["date"])
        event_id = uuid7(datetime.now(UTC))
        properties = json.dumps(event["properties"])
        customer_id = UUID(event["customerId"])
        row = (event_id, customer_id, event["type"], event["context"], at, properties)
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, stored))
        self._woken.set()
        await stored
        return 202, b'{"id":"%s"}' % str(event_id).encode()

    async def close(self) -> None:
        for flusher in self._flushers:
            flusher.cancel()

    async def _flush(self) -> None:
        while True:
            if not self._waiting:
                self._woken.clear()
                await self._woken.wait()
                continue
            group = [
                self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP_ROWS_MAX))
            ]
            columns = [list(column) for column in zip(*(row for row, _ in group), strict=True)]
            async with self._pool.acquire() as connection:
                await connection.execute(self._statement, *columns)
            for _, stored in group:
                stored.set_result(None)


FLOORS: dict[str, type[Answering]] = {
    "answering": Answering,
    "reading": Reading,
    "storing": Storing,
}


def application(floor: Answering, folder: Path) -> Application:
    """The ASGI application around a floor, with a context on the data directory while it runs."""
    held = AsyncExitStack()

    async def live(receive: Receive, send: Send) -> None:
        await receive()
        context = await held.enter_async_context(open_context(settings_from(data_dir=folder)))
        await floor.open(context)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await floor.close()
        await held.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def serve(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send)
            return
        message = await receive()
        body = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        status, answer = await floor.answer(scope["path"], body)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(answer)).encode()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    return serve


def main() -> None:
    name, folder, port = sys.argv[1:]
    uvicorn.run(
        application(FLOORS[name](), Path(folder)),
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        ws="none",
    )


if __name__ == "__main__":
    main()

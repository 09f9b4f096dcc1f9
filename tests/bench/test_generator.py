"""The generator counts right, against a tiny ASGI application."""

import asyncio
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from onefold.bench.generator import Plan, Unframed, length_of_body
from onefold.bench.load import measured_load, run_generator
from onefold.bench.servers import free_port

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PAUSE_SECONDS = 0.05


async def tiny(scope: Message, receive: Receive, send: Send) -> None:
    """Answers with the status that the path names; /pause waits first, /large is 300 kB."""
    await receive()
    word = scope["path"].strip("/")
    if word == "pause":
        await asyncio.sleep(PAUSE_SECONDS)
    body = b"x" * 300_000 if word == "large" else b"hello"
    head = [(b"content-length", str(len(body)).encode())]
    status = int(word) if word.isdigit() else 200
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(tiny, port=port, lifespan="off", log_level="error", access_log=False)
    )
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await running


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


class TestRunGenerator:
    async def test_sends_every_request_once(self) -> None:
        async with serving() as port:
            plan = Plan(port, [get("/200")] * 30, connections=4, seconds=5, repeat=False)
            counted = await run_generator(plan)

        assert counted.statuses == {200: 30}
        assert counted.broken == 0
        assert len(array("I", counted.latencies)) == 30
        assert 0 < counted.seconds < 5

    async def test_counts_every_status_and_keeps_a_sample(self) -> None:
        requests = [get("/201"), get("/404"), get("/503")] * 5
        async with serving() as port:
            counted = await run_generator(Plan(port, requests, 1, seconds=5, repeat=False))

        assert counted.statuses == {201: 5, 404: 5, 503: 5}
        assert counted.sample.startswith("HTTP/1.1 404")
        assert measured_load(counted).failed == 10
        assert measured_load(counted).operations == 5

    async def test_measures_how_long_an_answer_took(self) -> None:
        async with serving() as port:
            counted = await run_generator(Plan(port, [get("/pause")] * 6, 3, 5, repeat=False))

        measured = measured_load(counted)
        assert 50 <= measured.p50_ms < 500
        assert measured.p99_ms >= measured.p50_ms

    async def test_stops_when_the_time_is_up(self) -> None:
        async with serving() as port:
            counted = await run_generator(Plan(port, [get("/pause")], 2, seconds=0.5))

        measured = measured_load(counted)
        assert counted.seconds == 0.5
        assert 6 <= measured.operations <= 20
        assert measured.per_second == measured.operations / 0.5

    async def test_leaves_the_warmup_out(self) -> None:
        async with serving() as port:
            plan = Plan(port, [get("/pause")], 1, seconds=0.2, warmup_seconds=0.5)
            counted = await run_generator(plan)

        assert measured_load(counted).operations < sum(counted.statuses.values()) - 3

    async def test_waits_for_the_whole_of_a_large_answer(self) -> None:
        async with serving() as port:
            counted = await run_generator(Plan(port, [get("/large")] * 8, 2, 5, repeat=False))

        assert counted.statuses == {200: 8}
        assert counted.broken == 0

    async def test_counts_a_connection_that_breaks(self) -> None:
        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            counted = await run_generator(Plan(port, [get("/")], connections=3, seconds=5))

        assert counted.statuses == {}
        assert measured_load(counted).failed == 3
        assert measured_load(counted).operations == 0


class TestLengthOfBody:
    @pytest.mark.parametrize(
        "head",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 12",
            b"HTTP/1.1 200 OK\r\ncontent-length:12\r\nx: y",
            b"HTTP/1.1 200 OK\r\na: b\r\nCONTENT-LENGTH: 12\r\nx: y",
        ],
    )
    def test_reads_content_length(self, head: bytes) -> None:
        assert length_of_body(head) == 12

    def test_refuses_an_answer_of_unknown_length(self) -> None:
        with pytest.raises(Unframed):
            length_of_body(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked")

"""The HTTP protocol's own limits: size of a head, time of a request."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from onefold.web import protocol
from onefold.web.answers import Answer, send_answer
from onefold.web.bodies import ClientGone, read_body
from onefold.web.protocol import BoundedProtocol, _Gathering

SECONDS = 0.3
"""How long a request may take to arrive in these tests."""


class Echo:
    """Answers with the body; notes who hung up before it was there."""

    def __init__(self) -> None:
        self.gone = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        try:
            body = await read_body(receive, bytes_max=1_000_000)
        except ClientGone:
            self.gone += 1
            return
        await send_answer(send, Answer(200, body))


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Echo:
    monkeypatch.setattr(protocol, "REQUEST_SECONDS_MAX", SECONDS)
    return Echo()


@pytest.fixture
async def port(echo: Echo) -> AsyncIterator[int]:
    config = uvicorn.Config(echo, http=BoundedProtocol, log_config=None, ws="none")
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: BoundedProtocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1]
    server.close()
    for connection in list(state.connections):
        connection.transport.close()
    await server.wait_closed()


async def talk(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Sends parts with pauses between them; all that came back until the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def request(body: bytes, *headers: bytes) -> bytes:
    fields = b"".join(header + b"\r\n" for header in headers)
    length = str(len(body)).encode()
    head = b"POST / HTTP/1.1\r\nHost: onefold.example\r\nContent-Length: " + length + b"\r\n"
    return head + fields + b"\r\n" + body


class TestHeads:
    async def test_of_usual_size_are_read(self, port: int) -> None:
        said = await talk(port, request(b"hello", b"Connection: close", b"X-A: " + b"a" * 60_000))

        assert said.startswith(b"HTTP/1.1 200 OK")
        assert said.endswith(b"hello")

    @pytest.mark.parametrize(
        "start", [b"GET /", b"GET / HTTP/1.1\r\nX-A: ", b"GET / HTTP/1.1\r\nX-" + b"a" * 70_000]
    )
    async def test_that_do_not_end_are_cut_off(self, port: int, start: bytes) -> None:
        said = await talk(port, start, *[b"a" * 60_000] * 8)

        assert said == b"" or said.startswith(b"HTTP/1.1 431 ")

    async def test_of_many_headers_are_cut_off(self, port: int) -> None:
        some = b"".join(b"X-%d: a\r\n" % number for number in range(2000))

        said = await talk(port, b"GET / HTTP/1.1\r\n", *[some] * 20)

        assert said == b"" or said.startswith(b"HTTP/1.1 431 ")

    async def test_that_come_too_slowly_are_cut_off(self, port: int) -> None:
        started = asyncio.get_running_loop().time()

        said = await talk(port, b"GET / HTTP/1.1\r\n", *[b"X-A: a\r\n"] * 8, pause=0.1)

        assert said == b""
        assert asyncio.get_running_loop().time() - started < 4

    async def test_that_never_begin_are_cut_off(self, port: int) -> None:
        assert await talk(port) == b""


class TestBodies:
    async def test_in_pieces_are_read(self, port: int) -> None:
        whole = request(b"hello", b"Connection: close")

        said = await talk(port, whole[:-3], whole[-3:], pause=0.05)

        assert said.endswith(b"hello")

    async def test_that_come_too_slowly_are_cut_off(self, port: int, echo: Echo) -> None:
        said = await talk(port, request(b"hello")[:-3])

        assert said == b""
        await asyncio.sleep(0)
        assert echo.gone == 1


class TestConnections:
    async def test_live_on_between_requests(self, port: int) -> None:
        first, last = request(b"one"), request(b"two", b"Connection: close")

        said = await talk(port, first, last, pause=SECONDS * 1.5)

        assert said.count(b"HTTP/1.1 200 OK") == 2

    async def test_take_requests_one_behind_the_other(self, port: int) -> None:
        said = await talk(
            port, request(b"one") * 5 + request(b"two", b"Connection: close"), pause=0.05
        )

        assert said.count(b"HTTP/1.1 200 OK") == 6


class TestAnswers:
    async def test_leave_in_one_piece(self, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        pieces: list[bytes] = []
        write = _Gathering.write

        def note(self: _Gathering, data: bytes) -> None:
            pieces.append(data)
            write(self, data)

        monkeypatch.setattr(_Gathering, "write", note)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(b"hello"))

        said = await reader.read(1000)

        writer.close()
        assert len(pieces) == 2
        assert said == b"".join(pieces)

"""A small HTTP client over asyncio streams: tests of load leave the machine to the server."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

ANSWER_SECONDS_MAX = 40.0
LINE_BYTES_MAX = 65_536


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """One connection, opened anew when it was lost; a lost answer is a ConnectionError."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._port = port
        self._headers = dict(headers or {})
        self._link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Response:
        return await self.send("GET", path)

    async def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> Response:
        return await self.send("POST", path, json.dumps(body).encode(), headers)

    async def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Response:
        """The answer; raises ConnectionError when there is none, TimeoutError when it is late."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                return await self._exchange(method, path, body, headers or {})
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise
            raise ConnectionError(str(error)) from error

    def close(self) -> None:
        if self._link is not None:
            self._link[1].close()
        self._link = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def _exchange(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Response:
        if self._link is None:
            self._link = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._link
        fields = {**self._headers, **headers, "Host": "onefold.example"}
        if body:
            fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        await writer.drain()
        return await self._read(reader)

    async def _read(self, reader: asyncio.StreamReader) -> Response:
        status = int((await _line(reader)).split(" ", 2)[1])
        headers: dict[str, str] = {}
        while line := await _line(reader):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Response(status, headers, body)


async def _line(reader: asyncio.StreamReader) -> str:
    line = await reader.readuntil(b"\n")
    return line.decode("latin-1").strip()

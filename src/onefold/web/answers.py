"""Answers as bytes, ready to be sent."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import msgspec
from starlette.types import Send

Header = tuple[bytes, bytes]
_JSON: Header = (b"content-type", b"application/json")
encode_json = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers besides content-type and content-length.

    `pieces` come instead of a body that may be too large to be held.
    """

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()
    content_type: bytes | None = None
    pieces: AsyncIterator[bytes] | None = None


def json_answer(status: int, value: object, *, headers: tuple[Header, ...] = ()) -> Answer:
    return Answer(status, encode_json(value), headers, _JSON[1])


async def send_answer(send: Send, answer: Answer, *, headers: Sequence[Header] = ()) -> None:
    """Sends status, headers and body; `headers` are those that every answer of a door carries."""
    sent = [*headers, *answer.headers]
    if answer.content_type is not None:
        sent.append((b"content-type", answer.content_type))
    if answer.pieces is None:
        sent.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": sent})
    if answer.pieces is not None:
        async for piece in answer.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": answer.body})

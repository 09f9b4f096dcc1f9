"""Reads and decodes JSON bodies; what cannot be stored is refused here, with its place named."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from starlette.types import Receive

from onefold.model.errors import FieldError, Invalid, TooLarge
from onefold.web.limits import NESTING_MAX

_NUL_ESCAPE = b"\\u0000"
_SPACED_KEY = re.compile(rb'"\s+:')


class ClientGone(Exception):
    """The client closed the connection before it had sent everything."""


async def read_body(receive: Receive, *, bytes_max: int) -> bytes:
    """The whole body; raises TooLarge as soon as it is, ClientGone when the client hangs up."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        _check_size(len(body), bytes_max)
        return body
    chunks = [body]
    size = len(body)
    while message.get("more_body", False):
        _check_size(size, bytes_max)
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
    _check_size(size, bytes_max)
    return b"".join(chunks)


def decode_json(body: bytes) -> Any:
    """The JSON value of a body.

    Raises Invalid, naming the place where there is one: malformed text, text that is no UTF-8,
    numbers out of range, NUL characters, a key given twice, nesting beyond NESTING_MAX.
    """
    try:
        value = msgspec.json.decode(body)
    except RecursionError as error:
        raise _too_deep() from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("the body is not valid JSON") from error
    if body.count(b"{") + body.count(b"[") > NESTING_MAX:
        _check_depth(value)
    if _NUL_ESCAPE in body:
        _check_text(value)
    if not _has_each_key_once(body, value):
        _refuse_repeated_keys(body)
    return value


def _check_size(size: int, bytes_max: int) -> None:
    if size > bytes_max:
        raise TooLarge(f"the payload is larger than {bytes_max} bytes")


def _too_deep() -> Invalid:
    return Invalid(f"the body is nested deeper than {NESTING_MAX} levels")


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(NESTING_MAX):
        level = [inner for outer in level for inner in _children(outer)]
        if not level:
            return
    raise _too_deep()


def _children(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [one for one in value.values() if isinstance(one, dict | list)]
    if isinstance(value, list):
        return [one for one in value if isinstance(one, dict | list)]
    return []


def _check_text(value: object) -> None:
    message = "holds a NUL character, which no text may"
    fields = tuple(FieldError(path, message) for path in _places_of_nul(value, ""))
    if fields:
        raise Invalid("the body holds a NUL character", fields=fields)


def _places_of_nul(value: object, path: str) -> Iterator[str]:
    if isinstance(value, str) and "\0" in value:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            if "\0" in key:
                yield path
            else:
                yield from _places_of_nul(inner, _inside(path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _places_of_nul(inner, f"{path}/{position}")


def _has_each_key_once(body: bytes, value: object) -> bool:
    """Whether no key was given twice, told cheaply; False means look closer.

    A decoder hides such a mistake: the last one wins silently. Without backslashes a quote can
    only end a text, so a quote with a colon behind it ends a key, and as many keys as were read
    must be left in the value.
    """
    if b"\\" in body or _SPACED_KEY.search(body):
        return False
    return body.count(b'":') == _count_keys(value)


def _count_keys(value: object) -> int:
    keys = 0
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if type(one) is dict:
            keys += len(one)
            waiting.extend(one.values())
        elif type(one) is list:
            waiting.extend(one)
    return keys


def _refuse_repeated_keys(body: bytes) -> None:
    # Numbers are not looked at here, and Python refuses to read very long ones.
    value = json.loads(body, object_pairs_hook=_Pairs, parse_int=len, parse_float=len)
    fields = tuple(FieldError(path, "is given twice") for path in _repeated_keys(value, ""))
    if fields:
        raise Invalid("a key is given twice", fields=fields)


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written, with every key that it has."""


def _repeated_keys(value: object, path: str) -> Iterator[str]:
    if isinstance(value, _Pairs):
        seen = set()
        for key, inner in value:
            place = _inside(path, key)
            if key in seen:
                yield place
            seen.add(key)
            yield from _repeated_keys(inner, place)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _repeated_keys(inner, f"{path}/{position}")


def _inside(path: str, key: str) -> str:
    """The JSON Pointer (RFC 6901) of a key in the object at a pointer."""
    return f"{path}/{key.replace('~', '~0').replace('/', '~1')}"

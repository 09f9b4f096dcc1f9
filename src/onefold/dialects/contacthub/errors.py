"""Refusals in Contacthub's words: always the same four keys."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from onefold.dialects.contacthub.shapes.paths import wire_pointer
from onefold.model.errors import (
    Conflict,
    Invalid,
    Locked,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    Refusal,
    TooLarge,
    TooMany,
)
from onefold.web.answers import Answer, Header, json_answer

STATUS_OF_REFUSAL: Mapping[type[Refusal], int] = {
    Invalid: 400,
    NotAuthenticated: 401,
    NotPermitted: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    Locked: 423,
    TooMany: 429,
}

UNAVAILABLE = 503
NOT_AUTHORIZED = "The client is not authorized to access the API"


def refuse(refusal: Refusal, request_id: str) -> Answer:
    """The answer to a refusal; `logref` is a fresh id, found in the log by the request's."""
    status = _status(refusal)
    message = NOT_AUTHORIZED if isinstance(refusal, NotAuthenticated) else refusal.message
    body = {
        "message": message,
        "logref": _logref(request_id),
        "data": _conflict_data(refusal),
        "errors": [
            {
                "message": one.message,
                "path": wire_pointer(one.path),
                "data": None,
                "code": None,
            }
            for one in refusal.fields
        ],
    }
    return json_answer(status, body, headers=_retry(refusal))


def fail(status: int, request_id: str) -> Answer:
    """The answer to a fault of ours: nothing of its inside, only where to look it up."""
    message = "The server failed" if status != UNAVAILABLE else "The server is not available"
    logref = _logref(request_id)
    body: dict[str, Any] = {"message": message, "logref": logref, "data": None, "errors": []}
    return json_answer(status, body)


def _status(refusal: Refusal) -> int:
    for kind in type(refusal).__mro__:
        if kind in STATUS_OF_REFUSAL:
            return STATUS_OF_REFUSAL[kind]
    return 400


def _conflict_data(refusal: Refusal) -> dict[str, Any] | None:
    detail = refusal.detail or {}
    if "customer_id" not in detail or detail.get("href") is None:
        return None
    return {"customer": {"id": str(detail["customer_id"]), "href": detail["href"]}}


def _logref(request_id: str) -> str:
    """A UUID that ends with the request's id, so that one leads to the other."""
    fresh = uuid4().int >> 64 << 64
    return str(UUID(int=fresh | int(request_id, 16)))


def _retry(refusal: Refusal) -> tuple[Header, ...]:
    if not isinstance(refusal, TooMany):
        return ()
    return ((b"retry-after", str(refusal.retry_after_seconds).encode()),)

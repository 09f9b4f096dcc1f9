"""Path and query parameters that several operations share."""

from uuid import UUID

from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.web.endpoint import Call

PAGE_SIZE_DEFAULT = 10
PAGE_SIZE_MAX = 50
PAGE_NUMBER_MAX = 1_000_000_000
DIGITS_MAX = 20
ECHOED_LENGTH_MAX = 100
"""How much of an unknown id an answer repeats."""


def path_id(call: Call, name: str, thing: str) -> UUID:
    """An id in the path; one that is no UUID is as unknown as any other."""
    try:
        return UUID(call.path[name])
    except ValueError as error:
        raise NotFound(f"{thing} not found") from error


def customer_id(call: Call) -> UUID:
    return path_id(call, "customerId", "customer")


def query_node(call: Call) -> UUID | None:
    """The node in the query; a published client is told of any unknown text in these words."""
    text = call.query.get("nodeId")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(f"node not found {text[:ECHOED_LENGTH_MAX]}") from error


def query_number(
    call: Call, name: str, *, default: int | None, least: int = 0, most: int = PAGE_NUMBER_MAX
) -> int | None:
    text = call.query.get(name)
    if text is None or text == "":
        return default
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX
    if not is_number or not least <= int(text) <= most:
        raise _wrong(name, f"must be a number from {least} to {most}")
    return int(text)


def page(call: Call) -> tuple[int, int]:
    """Page number, from 0, and page size."""
    number = query_number(call, "page", default=0) or 0
    size = query_number(call, "size", default=PAGE_SIZE_DEFAULT, most=PAGE_SIZE_MAX)
    return number, PAGE_SIZE_DEFAULT if size is None else size


def page_object(number: int, size: int, total: int, *, most: int) -> dict[str, int]:
    """The page object that old clients need, with the reachable part of the collection."""
    return {
        "size": size,
        "totalElements": total,
        "totalUnfilteredElements": 0,
        "totalPages": _pages(total, size),
        "number": number,
        "maxElements": most,
        "maxPages": _pages(most, size),
    }


def _pages(total: int, size: int) -> int:
    return -(-total // size) if size else 0


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(f"{name} is not valid", fields=(FieldError(f"/{name}", message),))

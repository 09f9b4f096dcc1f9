"""What all operations on a workspace's configuration share: how it is read, and how it changes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from msgspec import UNSET

from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run
from onefold.dialects.contacthub.endpoints.parameters import query_number
from onefold.dialects.contacthub.shapes.configuration import Flag
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid
from onefold.web.endpoint import Call

LIST_SIZE_DEFAULT = 20
LIST_SIZE_MAX = 50
LIST_PAGE_MAX = 50

Result = TypeVar("Result")
Element = TypeVar("Element")


async def read_configuration(
    call: Call, *, permission: Permission = Permission.CONFIGURATION_READ
) -> Picture:
    """The configuration as it is stored now, whichever process changed it last."""
    call.actor.require(permission)
    directory = call.services.context.directory
    call.picture = await directory.newest(call.actor.workspace_id)
    return call.picture


async def configure(call: Call, action: Callable[[Transaction], Awaitable[Result]]) -> Result:
    """Runs an action that changes the configuration.

    Nobody else changes it meanwhile, and no write that goes by the old rules is under way.
    """
    directory = call.services.context.directory
    workspace_id = call.actor.workspace_id

    async def alone(tx: Transaction) -> Result:
        call.picture = await directory.locked(tx, workspace_id)
        return await action(tx)

    try:
        return await run(call.services.context.database, alone)
    finally:
        directory.forget_workspace(workspace_id)


async def flag_of(call: Call) -> bool:
    """The body of an operation that switches something."""
    body = await call.body(Flag)
    if body.value is UNSET:
        found = FieldError("/value", "is required")
        raise Invalid("the body is not valid", fields=(found,))
    return body.value


def query_flag(call: Call, name: str) -> bool:
    """A query parameter that is `true` or `false`; absent is false."""
    text = call.query.get(name) or "false"
    if text.lower() not in ("true", "false"):
        found = FieldError(f"/{name}", "must be true or false")
        raise Invalid(f"{name} is not valid", fields=(found,))
    return text.lower() == "true"


def list_page(call: Call, elements: Sequence[Element]) -> tuple[list[Element], dict[str, int]]:
    """The elements of the page that the caller asks for, and its page object."""
    number = query_number(call, "page", default=0, most=LIST_PAGE_MAX) or 0
    size = query_number(call, "size", default=LIST_SIZE_DEFAULT, most=LIST_SIZE_MAX)
    size = LIST_SIZE_DEFAULT if size is None else size
    shown = list(elements[number * size : (number + 1) * size])
    return shown, _page_object(number, size, len(elements))


def whole_page(total: int) -> dict[str, int]:
    """The page object of a list that takes no paging parameters: everything is on one page."""
    return _page_object(0, max(total, LIST_SIZE_MAX), total)


def _page_object(number: int, size: int, total: int) -> dict[str, int]:
    return {
        "size": size,
        "totalElements": total,
        "totalUnfilteredElements": 0,
        "totalPages": -(-total // size) if size else 0,
        "number": number,
    }

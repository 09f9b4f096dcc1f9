"""Runs a command's coroutine on uvloop and turns refusals into sentences."""

from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import uvloop

from onefold.actions.transaction import DRIVER_ERRORS
from onefold.assembly.context import KeyUnusable, ServerUnavailable
from onefold.cli.options import refused
from onefold.model.errors import Refusal

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """The result; ends the command with status 2 and the reason when it is refused."""
    with sentences():
        return uvloop.run(work)


@contextmanager
def sentences() -> Iterator[None]:
    """Ends the command with status 2 and a sentence where a traceback would help nobody."""
    try:
        yield
    except Refusal as refusal:
        fields = "".join(f"\n  {one.path}: {one.message}" for one in refusal.fields)
        raise refused(refusal.message + fields) from refusal
    except (ServerUnavailable, KeyUnusable) as error:
        raise refused(str(error)) from error
    except DRIVER_ERRORS as error:
        raise refused(_sentence(error)) from error


def _sentence(error: BaseException) -> str:
    """The first line: what follows quotes rows."""
    words = (str(error).splitlines() or [type(error).__name__])[0]
    if isinstance(error, OSError):
        of_a_file = error.filename is not None
        return words if of_a_file else f"the database cannot be reached: {words}"
    return f"the database says: {words}"

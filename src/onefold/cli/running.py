"""Runs a command's coroutine on uvloop and turns refusals into sentences."""

from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

from onefold.assembly import ServerUnavailable
from onefold.cli.options import refused
from onefold.model.errors import Refusal

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """The result; ends the command with status 2 and the reason when it is refused."""
    try:
        return uvloop.run(work)
    except Refusal as refusal:
        fields = "".join(f"\n  {one.path}: {one.message}" for one in refusal.fields)
        raise refused(refusal.message + fields) from refusal
    except ServerUnavailable as error:
        raise refused(str(error)) from error

"""What each dialect says that it serves, beside what its contract asks for."""

from collections.abc import Sequence
from typing import Protocol

import onefold.dialects.contacthub.routes as contacthub


class Route(Protocol):
    """What the tests use of an entry of a dialect's ROUTES."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def operation_id(self) -> str: ...


ROUTES: dict[str, Sequence[Route]] = {"contacthub": contacthub.ROUTES}
STILL_TO_COME: dict[str, frozenset[str]] = {"contacthub": contacthub.STILL_TO_COME}


def routed_operations() -> frozenset[str]:
    """Name the operations that are served, as dialect/operationId."""
    return frozenset(
        f"{dialect}/{route.operation_id}" for dialect, routes in ROUTES.items() for route in routes
    )

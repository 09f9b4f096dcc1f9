"""Which header means which actor: the bearer token of a source, or of a person."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from onefold.actions.directory import require_open
from onefold.dialects.contacthub.shapes.roles import ROLE_OF_WORD
from onefold.model.access import EVERYWHERE, Actor, Role
from onefold.model.errors import NotAuthenticated, NotPermitted
from onefold.web.contract import Contract
from onefold.web.endpoint import Call

SCHEME = "bearer"
READING = frozenset({"get"})
PROVISIONING = frozenset({"getWorkspace", "updateWorkspaceStatus"})
"""What an operator can do to a workspace that is closed: look at it, and open it again."""


class Gate(NamedTuple):
    """What the contract asks of a caller of one operation."""

    roles: frozenset[Role]
    writes: bool


async def authenticate(call: Call) -> None:
    """Sets actor and workspace of the call; an unknown workspace is refused with 403.

    A call that names no workspace, by an operator of the installation, gets no picture of one.
    """
    directory = call.services.context.directory
    gate = _gates(call.contract)[call.operation_id]
    caller = await directory.caller(_token(call))
    caller.require_address(_address(call))
    caller.require_origin(_origin(call))
    named = call.path.get("workspaceId")
    workspace_id = caller.workspace_id if named is None else _workspace_id(named)
    call.actor = caller.actor(workspace_id, writing=gate.writes)
    if named is not None or workspace_id != EVERYWHERE:
        await _enter(call, workspace_id, gate)
        await _count(call)
    _require_role(call.actor, gate)


async def _enter(call: Call, workspace_id: UUID, gate: Gate) -> None:
    picture = await call.services.context.directory.workspace(workspace_id)
    if picture is None:
        raise NotPermitted(f"workspace not found: {workspace_id}")
    if call.operation_id not in PROVISIONING:
        require_open(picture.workspace, writing=gate.writes)
    call.picture = picture


async def _count(call: Call) -> None:
    """Operators are not counted: it is they who set the limit, and who lift it."""
    workspace = call.picture.workspace
    if workspace.settings.requests_per_minute and Role.OPERATOR not in call.actor.roles:
        await call.services.context.throttle.let_in(workspace, at=call.at)


def _require_role(actor: Actor, gate: Gate) -> None:
    if gate.roles.isdisjoint(actor.roles):
        raise NotPermitted("the role of the token does not allow this operation")


@lru_cache(maxsize=8)
def _gates(contract: Contract) -> Mapping[str, Gate]:
    """Operation -> gate, as the contract's `security` has it.

    A source's token carries a role as every other token does, so the scopes of OAuth2 say it all.
    """
    return {
        operation["operationId"]: Gate(_roles_of(operation), method not in READING)
        for path in contract.document["paths"].values()
        for method, operation in path.items()
        if isinstance(operation, dict)
    }


def _roles_of(operation: Mapping[str, list[Mapping[str, list[str]]]]) -> frozenset[Role]:
    scopes = (scope for one in operation["security"] for scope in one.get("OAuth2", ()))
    return frozenset(ROLE_OF_WORD[scope] for scope in scopes)


def _token(call: Call) -> str:
    header = call.headers.get(b"authorization", b"").decode("latin-1")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != SCHEME or not token.strip():
        raise NotAuthenticated("there is no bearer token")
    return token.strip()


def _address(call: Call) -> str | None:
    """Where the call comes from; the server sees to proxies that speak for others."""
    client = call.scope.get("client")
    return client[0] if client else None


def _origin(call: Call) -> str | None:
    """The page that calls, if one does."""
    origin = call.headers.get(b"origin")
    return None if origin is None else origin.decode("latin-1")


@lru_cache(maxsize=4096)
def _workspace_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotPermitted(f"workspace not found: {text}") from error

"""Which header means which actor: the bearer token of a source, or of a person."""

from functools import lru_cache
from uuid import UUID

from onefold.actions.directory import require_open
from onefold.model.errors import NotAuthenticated, NotPermitted
from onefold.web.endpoint import Call

SCHEME = "bearer"


async def authenticate(call: Call) -> None:
    """Sets actor and workspace of the call; an unknown workspace is refused with 403."""
    directory = call.services.context.directory
    call.actor = await directory.actor(_token(call))
    named = call.path.get("workspaceId")
    workspace_id = call.actor.workspace_id if named is None else _workspace_id(named)
    if workspace_id != call.actor.workspace_id:
        raise NotPermitted(f"workspace not found: {named}")
    picture = await directory.workspace(workspace_id)
    if picture is None:
        raise NotPermitted(f"workspace not found: {named}")
    require_open(picture.workspace, writing=False)
    call.picture = picture


def _token(call: Call) -> str:
    header = call.headers.get(b"authorization", b"").decode("latin-1")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != SCHEME or not token.strip():
        raise NotAuthenticated("there is no bearer token")
    return token.strip()


@lru_cache(maxsize=4096)
def _workspace_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotPermitted(f"workspace not found: {text}") from error

"""The workspace's own configuration."""

from collections.abc import Mapping

from msgspec import UNSET

from onefold.actions.configuration import change_settings
from onefold.actions.rollups import rebuild
from onefold.actions.transaction import Transaction
from onefold.dialects.contacthub.endpoints.configuring import configure, read_configuration
from onefold.dialects.contacthub.mapping.configuration import settings_of, wire_configuration
from onefold.dialects.contacthub.shapes.configuration import WorkspaceConfiguration
from onefold.model.access import Permission
from onefold.model.workspaces import Workspace
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint


async def get_workspace_configuration(call: Call) -> Answer:
    picture = await read_configuration(call)
    return json_answer(200, wire_configuration(picture.workspace))


async def update_workspace_configuration(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    body = await call.body(WorkspaceConfiguration)

    async def change(tx: Transaction) -> tuple[Workspace, Workspace]:
        before = call.picture.workspace
        after = await change_settings(
            tx,
            call.actor,
            picture=call.picture,
            settings=settings_of(body, before.settings),
            name=None if body.name is UNSET else body.name,
            at=call.at,
        )
        return before, after

    before, after = await configure(call, change)
    if before.settings.timezone != after.settings.timezone:
        await _count_days_anew(call)
    return json_answer(200, wire_configuration(after))


async def _count_days_anew(call: Call) -> None:
    """Counters go by the days of the workspace's time zone, which begin at another hour now."""
    picture = await read_configuration(call)
    await rebuild(call.services.context.database, call.actor, picture=picture)


ENDPOINTS: Mapping[str, Endpoint] = {
    "getWorkspaceConfiguration": get_workspace_configuration,
    "updateWorkspaceConfiguration": update_workspace_configuration,
}

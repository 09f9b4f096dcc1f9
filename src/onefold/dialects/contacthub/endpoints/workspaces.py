"""Provisioning of workspaces, by operators."""

from collections.abc import Mapping

from msgspec import UNSET

from onefold.actions.tenants import create_tenant, list_tenants, set_status, tenant_of
from onefold.actions.writing import run
from onefold.dialects.contacthub.endpoints.configuring import (
    configure,
    list_page,
    read_configuration,
)
from onefold.dialects.contacthub.mapping.workspaces import first_settings, wire_workspace
from onefold.dialects.contacthub.shapes.workspaces import StatusBody, WorkspaceBody
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid
from onefold.model.workspaces import WorkspaceStatus
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint


async def list_workspaces(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    name, group_pk = call.query.get("name") or None, _group(call)
    found = await call.read(lambda tx: list_tenants(tx, call.actor, name=name, group_pk=group_pk))
    shown, page = list_page(call, found)
    return json_answer(200, {"elements": [wire_workspace(one) for one in shown], "page": page})


async def create_workspace(call: Call) -> Answer:
    call.actor.require_everywhere()
    body = await call.body(WorkspaceBody)
    made = await run(
        call.services.context.database,
        lambda tx: create_tenant(
            tx,
            call.actor,
            slug=body.slug,
            name=body.name,
            settings=first_settings(body),
            at=call.at,
        ),
    )
    return json_answer(201, wire_workspace(made))


async def get_workspace(call: Call) -> Answer:
    picture = await read_configuration(call, permission=Permission.WORKSPACE_PROVISION)
    return json_answer(200, wire_workspace(tenant_of(picture.workspace)))


async def update_workspace_status(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    body = await call.body(StatusBody)
    if body.status is UNSET:
        found = FieldError("/status", "is required")
        raise Invalid("status is required", fields=(found,))
    status = WorkspaceStatus(body.status)
    await configure(
        call,
        lambda tx: set_status(tx, call.actor, picture=call.picture, status=status, at=call.at),
    )
    return json_answer(200, {"status": status.value})


def _group(call: Call) -> int | None:
    """A whole number; the seed types it as any number, as 44.0 may be one."""
    text = call.query.get("groupPk") or None
    number = None
    try:
        number = None if text is None else float(text)
        whole = number is None or number == int(number)
    except (ValueError, OverflowError):
        whole = False
    if not whole:
        found = FieldError("/groupPk", "must be a whole number")
        raise Invalid("groupPk is not valid", fields=(found,))
    return None if number is None else int(number)


ENDPOINTS: Mapping[str, Endpoint] = {
    "listWorkspaces": list_workspaces,
    "createWorkspace": create_workspace,
    "getWorkspace": get_workspace,
    "updateWorkspaceStatus": update_workspace_status,
}

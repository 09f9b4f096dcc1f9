"""Base properties, on and off."""

from collections.abc import Mapping

from msgspec import UNSET

from onefold.actions.configuration import switch_properties
from onefold.actions.directory import Picture
from onefold.dialects.contacthub.endpoints.configuring import (
    configure,
    flag_of,
    read_configuration,
)
from onefold.dialects.contacthub.mapping.built_in_properties import (
    base_property,
    wire_base_property,
)
from onefold.dialects.contacthub.shapes.built_in_properties import BASE_PROPERTIES
from onefold.dialects.contacthub.shapes.configuration import BaseProperty
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint


async def list_base_properties(call: Call) -> Answer:
    off = _disabled(await read_configuration(call))
    elements = [wire_base_property(name, off) for name in BASE_PROPERTIES]
    return json_answer(200, {"elements": elements})


async def update_base_property(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    name = _name(call.path["name"])
    body = await call.body(BaseProperty)
    if body.name is not UNSET and base_property(body.name) != name:
        found = FieldError("/name", "is not the one in the path")
        raise Invalid("name cannot change", fields=(found,))
    if body.enabled is not UNSET:
        await _switch(call, name, enabled=body.enabled)
    return json_answer(200, wire_base_property(name, _disabled(await read_configuration(call))))


async def set_base_property_enabled(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    name = _name(call.path["baseProperty"])
    enabled = await flag_of(call)
    await _switch(call, name, enabled=enabled)
    return json_answer(200, {"value": enabled})


async def _switch(call: Call, name: str, *, enabled: bool) -> None:
    paths = BASE_PROPERTIES[name]
    await configure(
        call,
        lambda tx: switch_properties(
            tx, call.actor, picture=call.picture, paths=paths, enabled=enabled, at=call.at
        ),
    )


def _disabled(picture: Picture) -> tuple[str, ...]:
    return picture.workspace.settings.disabled_properties


def _name(text: str) -> str:
    name = base_property(text)
    if name is None:
        raise NotFound("base property not found")
    return name


ENDPOINTS: Mapping[str, Endpoint] = {
    "listBaseProperties": list_base_properties,
    "updateBaseProperty": update_base_property,
    "setBasePropertyEnabled": set_base_property_enabled,
}

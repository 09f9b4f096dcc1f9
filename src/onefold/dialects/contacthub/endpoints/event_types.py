"""Event types: what they may hold, and whether they are accepted."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from onefold.actions.configuration import set_event_consents, switch_event_type
from onefold.actions.directory import Picture
from onefold.dialects.contacthub.endpoints.configuring import (
    configure,
    flag_of,
    query_flag,
    read_configuration,
    whole_page,
)
from onefold.dialects.contacthub.mapping.event_consents import policy_of, wire_policy
from onefold.dialects.contacthub.mapping.event_types import wire_event_type
from onefold.dialects.contacthub.shapes.configuration import EventConfiguration
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint

Wire = dict[str, Any]


async def list_event_configurations(call: Call) -> Answer:
    picture = await read_configuration(call)
    resolve = query_flag(call, "resolveReferences")
    names = call.services.context.catalog.types
    elements = [_wire(call, picture, name, resolve=resolve) for name in names]
    return json_answer(200, {"elements": elements, "page": whole_page(len(elements))})


async def get_event_configuration(call: Call) -> Answer:
    picture = await read_configuration(call)
    name = event_type(call)
    resolve = query_flag(call, "resolveReferences")
    return json_answer(200, _wire(call, picture, name, resolve=resolve))


async def update_event_configuration(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    name = event_type(call)
    body = await call.body(EventConfiguration)
    for field, value in (("id", body.id), ("type", body.type)):
        if value not in (UNSET, name):
            found = FieldError(f"/{field}", "cannot change")
            raise Invalid(f"{field} cannot change", fields=(found,))
    await _switch(call, name, enabled=body.enabled)
    return await get_event_configuration(call)


async def set_event_enabled(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    name = event_type(call)
    enabled = await flag_of(call)
    await _switch(call, name, enabled=enabled)
    return json_answer(200, {"value": enabled})


async def get_event_properties(call: Call) -> Answer:
    picture = await read_configuration(call, permission=Permission.SCHEMA_READ)
    resolve = query_flag(call, "resolveReferences")
    schema = call.services.context.catalog.properties_schema(
        event_type(call), picture.definitions, whole=resolve
    )
    return json_answer(200, schema)


async def update_events_consent_policy(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    policy = policy_of(await call.json())
    await configure(
        call,
        lambda tx: set_event_consents(
            tx,
            call.actor,
            picture=call.picture,
            policy=policy,
            event_types=call.services.context.catalog.types,
            at=call.at,
        ),
    )
    return json_answer(200, wire_policy(policy))


def event_type(call: Call) -> str:
    """The event type in the path; raises NotFound for one that there is not."""
    name = call.path["eventType"]
    if name not in call.services.context.catalog.types:
        raise NotFound("event type not found")
    return name


async def _switch(call: Call, name: str, *, enabled: bool) -> None:
    await configure(
        call,
        lambda tx: switch_event_type(
            tx, call.actor, picture=call.picture, event_type=name, enabled=enabled, at=call.at
        ),
    )


def _wire(call: Call, picture: Picture, name: str, *, resolve: bool) -> Wire:
    catalog = call.services.context.catalog
    return wire_event_type(
        name,
        mode=catalog.types[name].mode,
        about=catalog.about_type(name),
        schema=catalog.properties_schema(name, picture.definitions, whole=resolve),
        enabled=name not in picture.workspace.settings.disabled_event_types,
    )


ENDPOINTS: Mapping[str, Endpoint] = {
    "listEventConfigurations": list_event_configurations,
    "getEventConfiguration": get_event_configuration,
    "updateEventConfiguration": update_event_configuration,
    "setEventEnabled": set_event_enabled,
    "getEventProperties": get_event_properties,
    "updateEventsConsentPolicy": update_events_consent_policy,
}

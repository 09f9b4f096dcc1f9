"""Limits of a workspace: requests in a minute, bytes of an event."""

from collections.abc import Mapping

from msgspec import UNSET

from onefold.actions.configuration import set_event_sizes, set_throttling
from onefold.dialects.contacthub.endpoints.configuring import configure, read_configuration
from onefold.dialects.contacthub.mapping.limits import sizes_of, wire_sizes
from onefold.dialects.contacthub.shapes.configuration import Throttling
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint


async def get_throttling(call: Call) -> Answer:
    picture = await read_configuration(call)
    limit = picture.workspace.settings.requests_per_minute
    return json_answer(200, {"maxRequestsPerMinute": limit})


async def update_throttling(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    limit = (await call.body(Throttling)).max_requests_per_minute
    if limit is UNSET:
        found = FieldError("/maxRequestsPerMinute", "is required")
        raise Invalid("maxRequestsPerMinute is required", fields=(found,))
    await configure(
        call,
        lambda tx: set_throttling(
            tx, call.actor, picture=call.picture, requests_per_minute=limit, at=call.at
        ),
    )
    return json_answer(200, {"maxRequestsPerMinute": limit})


async def get_events_payload_size(call: Call) -> Answer:
    picture = await read_configuration(call)
    names = call.services.context.catalog.types
    return json_answer(200, wire_sizes(names, picture.workspace.settings.event_bytes_max))


async def update_events_payload_size(call: Call) -> Answer:
    call.actor.require(Permission.WORKSPACE_PROVISION)
    names = call.services.context.catalog.types
    sizes = sizes_of(await call.json(), names)
    await configure(
        call,
        lambda tx: set_event_sizes(
            tx, call.actor, picture=call.picture, bytes_max=sizes, at=call.at
        ),
    )
    return json_answer(200, wire_sizes(names, sizes))


ENDPOINTS: Mapping[str, Endpoint] = {
    "getThrottling": get_throttling,
    "updateThrottling": update_throttling,
    "getEventsPayloadSize": get_events_payload_size,
    "updateEventsPayloadSize": update_events_payload_size,
}

"""Which events update the product registry."""

from collections.abc import Mapping

from msgspec import UNSET

from onefold.actions.products import choose_event_types
from onefold.dialects.contacthub.endpoints.configuring import configure, read_configuration
from onefold.dialects.contacthub.shapes.configuration import ProductsUpdatePolicy
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint


async def get_products_update_policy(call: Call) -> Answer:
    picture = await read_configuration(call)
    chosen = picture.workspace.settings.registry_event_types
    return json_answer(200, {"eventTypes": list(chosen)})


async def update_products_update_policy(call: Call) -> Answer:
    call.actor.require(Permission.CONFIGURATION_WRITE)
    body = await call.body(ProductsUpdatePolicy)
    if body.event_types is UNSET:
        found = FieldError("/eventTypes", "is required")
        raise Invalid("eventTypes is required", fields=(found,))
    wanted = body.event_types or []
    chosen = await configure(
        call,
        lambda tx: choose_event_types(
            tx, call.actor, picture=call.picture, event_types=wanted, at=call.at
        ),
    )
    return json_answer(200, {"eventTypes": list(chosen)})


ENDPOINTS: Mapping[str, Endpoint] = {
    "getProductsUpdatePolicy": get_products_update_policy,
    "updateProductsUpdatePolicy": update_products_update_policy,
}

"""Extended properties of customers, products and each event type."""

from collections.abc import Callable, Mapping

from onefold.actions.configuration import replace_properties
from onefold.dialects.contacthub.endpoints.configuring import (
    configure,
    query_flag,
    read_configuration,
)
from onefold.dialects.contacthub.endpoints.event_types import event_type
from onefold.dialects.contacthub.mapping.customer_schema import wire_customer_schema
from onefold.dialects.contacthub.mapping.properties import definitions_of, wire_definitions
from onefold.model.access import Permission
from onefold.model.properties import CUSTOMER_OWNER, EVENT_OWNER, PRODUCT_OWNER
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint

OwnerOf = Callable[[Call], str]


def read(owner_of: OwnerOf) -> Endpoint:
    async def get_extended_properties(call: Call) -> Answer:
        owner = owner_of(call)
        picture = await read_configuration(call)
        return json_answer(200, wire_definitions(picture.definitions.of_owner(owner)))

    return get_extended_properties


def update(owner_of: OwnerOf) -> Endpoint:
    async def update_extended_properties(call: Call) -> Answer:
        call.actor.require(Permission.CONFIGURATION_WRITE)
        owner = owner_of(call)
        definitions = definitions_of(await call.json())
        kept = await configure(
            call,
            lambda tx: replace_properties(
                tx,
                call.actor,
                picture=call.picture,
                owner=owner,
                definitions=definitions,
                at=call.at,
            ),
        )
        return json_answer(200, wire_definitions(kept))

    return update_extended_properties


async def get_customer_properties(call: Call) -> Answer:
    picture = await read_configuration(call, permission=Permission.SCHEMA_READ)
    resolve = query_flag(call, "resolveReferences")
    extended = picture.definitions.schema(CUSTOMER_OWNER)
    return json_answer(
        200, wire_customer_schema(call.contract.document, extended=extended, whole=resolve)
    )


def _of_customers(_: Call) -> str:
    return CUSTOMER_OWNER


def _of_products(_: Call) -> str:
    return PRODUCT_OWNER


def _of_events(call: Call) -> str:
    return EVENT_OWNER + event_type(call)


ENDPOINTS: Mapping[str, Endpoint] = {
    "getCustomerExtendedProperties": read(_of_customers),
    "updateCustomerExtendedProperties": update(_of_customers),
    "getProductExtendedProperties": read(_of_products),
    "updateProductExtendedProperties": update(_of_products),
    "getEventExtendedProperties": read(_of_events),
    "updateEventExtendedProperties": update(_of_events),
    "getCustomerProperties": get_customer_properties,
}

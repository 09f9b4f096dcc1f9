"""The fixed models that a configuration chooses from."""

from collections.abc import Mapping

from onefold.dialects.contacthub.endpoints.configuring import query_flag
from onefold.dialects.contacthub.endpoints.parameters import query_number
from onefold.dialects.contacthub.mapping.models import (
    wire_context,
    wire_merge_policies,
    wire_providers,
)
from onefold.model.access import Permission
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint


async def list_merge_policies(call: Call) -> Answer:
    call.actor.require(Permission.SCHEMA_READ)
    return json_answer(200, {"elements": list(wire_merge_policies())})


async def list_providers(call: Call) -> Answer:
    call.actor.require(Permission.SCHEMA_READ)
    return json_answer(200, {"elements": list(wire_providers(call.contract.document))})


async def list_contexts(call: Call) -> Answer:
    call.actor.require(Permission.SCHEMA_READ)
    resolve = query_flag(call, "resolveReferences")
    catalog = call.services.context.catalog
    elements = [
        wire_context(name, catalog.about_context(name), catalog.context_schema(name, whole=resolve))
        for name in catalog.contexts
    ]
    return json_answer(200, {"elements": elements})


async def list_of_send(call: Call) -> Answer:
    """Contactsend's own lists are not ours to know: a server without it has none."""
    call.actor.require(Permission.CONFIGURATION_READ)
    query_number(call, "groupPk", default=None)
    return json_answer(200, {"elements": []})


ENDPOINTS: Mapping[str, Endpoint] = {
    "listMergePolicies": list_merge_policies,
    "listProviders": list_providers,
    "listContexts": list_contexts,
    "listSendSubscriptions": list_of_send,
    "listSendSubscriberFields": list_of_send,
}

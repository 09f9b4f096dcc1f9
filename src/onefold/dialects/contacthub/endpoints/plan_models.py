"""Plan models: which properties of the workspace can be mapped to columns of Plan."""

from collections.abc import Mapping

from onefold.actions.workspaces import list_sources
from onefold.dialects.contacthub.endpoints.configuring import read_configuration
from onefold.dialects.contacthub.mapping.plan_models import EVENT_TYPES_OF_MODEL, wire_plan_model
from onefold.model.errors import NotFound
from onefold.model.properties import EVENT_OWNER, PRODUCT_OWNER
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint


async def get_plan_model(call: Call) -> Answer:
    picture = await read_configuration(call)
    model = call.path["planModel"]
    if model not in EVENT_TYPES_OF_MODEL:
        raise NotFound("plan model not found")
    sources = await call.read(lambda tx: list_sources(tx, call.actor))
    definitions = picture.definitions
    wire = wire_plan_model(
        model,
        events=[definitions.of_owner(EVENT_OWNER + one) for one in EVENT_TYPES_OF_MODEL[model]],
        products=definitions.of_owner(PRODUCT_OWNER),
        sources=sources,
    )
    return json_answer(200, wire)


ENDPOINTS: Mapping[str, Endpoint] = {"getPlanModel": get_plan_model}

"""Single items of a customer's lists: subscriptions, educations, likes, jobs.

Each is saved as a change of its customer, so that history, the update stream and the limits see
an item as they see any other field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from onefold.actions.customers.items import change_item, read_item
from onefold.dialects.contacthub.endpoints.parameters import customer_id
from onefold.dialects.contacthub.mapping.parts import (
    Wire,
    education_of,
    employment_of,
    like_of,
    subscription_of,
    wire_education,
    wire_employment,
    wire_like,
    wire_subscription,
)
from onefold.dialects.contacthub.shapes import customers as shapes
from onefold.model.access import Permission
from onefold.model.errors import FieldError, Invalid
from onefold.model.items import ItemEdit, ItemStep
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint, convert


@dataclass(frozen=True, slots=True)
class Listed:
    """One kind of item: where it is in the record, its shape, and the words of its path."""

    name: str
    shape: type[Any]
    parameter: str
    record_of: Callable[[Any], Any]
    wire_of: Callable[[Any], Wire]
    created_status: int


SUBSCRIPTIONS = Listed(
    "subscriptions",
    shapes.Subscription,
    "propertyId",
    subscription_of,
    wire_subscription,
    201,
)
EDUCATIONS = Listed(
    "educations", shapes.Education, "educationId", education_of, wire_education, 200
)
LIKES = Listed("likes", shapes.Like, "likeId", like_of, wire_like, 200)
JOBS = Listed("employments", shapes.Job, "jobId", employment_of, wire_employment, 200)


def create(listed: Listed) -> Endpoint:
    async def create_item(call: Call) -> Answer:
        call.actor.require(Permission.CUSTOMER_WRITE)
        item = listed.record_of(await call.body(listed.shape))
        saved = await _change(call, ItemEdit(listed.name, ItemStep.ADD, item.id, item))
        return json_answer(listed.created_status, listed.wire_of(saved))

    return create_item


def read(listed: Listed) -> Endpoint:
    async def get_item(call: Call) -> Answer:
        wanted = customer_id(call)
        item_id = call.path[listed.parameter]
        found = await call.read(
            lambda tx: read_item(
                tx, call.actor, customer_id=wanted, listed=listed.name, item_id=item_id
            )
        )
        return json_answer(200, listed.wire_of(found))

    return get_item


def update(listed: Listed) -> Endpoint:
    async def update_item(call: Call) -> Answer:
        call.actor.require(Permission.CUSTOMER_WRITE)
        item_id = call.path[listed.parameter]
        body = {"id": item_id, **await call.json()}
        item = listed.record_of(convert(body, listed.shape))
        if item.id != item_id:
            found = FieldError("/id", "is not the one in the path")
            raise Invalid("the id cannot change", fields=(found,))
        saved = await _change(call, ItemEdit(listed.name, ItemStep.REPLACE, item_id, item))
        return json_answer(200, listed.wire_of(saved))

    return update_item


def delete(listed: Listed) -> Endpoint:
    async def delete_item(call: Call) -> Answer:
        await _change(call, ItemEdit(listed.name, ItemStep.REMOVE, call.path[listed.parameter]))
        return Answer(200)

    return delete_item


async def _change(call: Call, edit: ItemEdit) -> Any:
    wanted = customer_id(call)
    return await call.write(
        lambda tx: change_item(
            tx, call.actor, picture=call.picture, customer_id=wanted, edit=edit, at=call.at
        )
    )


ITEM_ENDPOINTS: Mapping[str, Endpoint] = {
    "createSubscription": create(SUBSCRIPTIONS),
    "getSubscription": read(SUBSCRIPTIONS),
    "updateSubscription": update(SUBSCRIPTIONS),
    "deleteSubscription": delete(SUBSCRIPTIONS),
    "createEducation": create(EDUCATIONS),
    "getEducation": read(EDUCATIONS),
    "updateEducation": update(EDUCATIONS),
    "deleteEducation": delete(EDUCATIONS),
    "createLike": create(LIKES),
    "getLike": read(LIKES),
    "updateLike": update(LIKES),
    "deleteLike": delete(LIKES),
    "createJob": create(JOBS),
    "getJob": read(JOBS),
    "updateJob": update(JOBS),
    "deleteJob": delete(JOBS),
}

"""Items of a customer's lists: their shapes and their records, both ways."""

from typing import Any

from msgspec import UNSET

from onefold.dialects.contacthub.mapping.times import optional_time, read_day, read_time
from onefold.dialects.contacthub.shapes import customers as shapes
from onefold.model.changes import SubscriptionChange
from onefold.model.customers import (
    ContactKind,
    ContactPoint,
    Device,
    Education,
    Employment,
    Like,
    Preference,
    Subscription,
)

Wire = dict[str, Any]

KIND_OF_TYPE = {
    "EMAIL": ContactKind.EMAIL,
    "MOBILE": ContactKind.MOBILE,
    "PHONE": ContactKind.LANDLINE,
    "FAX": ContactKind.FAX,
}
_TYPE_OF_KIND = {kind: word for word, kind in KIND_OF_TYPE.items()}


def given(value: Any) -> Any:
    """None for an absent field: inside a list item absent and null mean the same."""
    return None if value is UNSET else value


def whole(value: Any) -> int | None:
    return None if value in (UNSET, None) else int(value)


def contact_point_of(shape: shapes.OtherContact) -> ContactPoint:
    word = given(shape.type)
    kind = KIND_OF_TYPE.get(word or "", ContactKind.OTHER)
    return ContactPoint(
        key=0,
        kind=kind,
        value=given(shape.value),
        name=given(shape.name),
        type=word if kind is ContactKind.OTHER else None,
    )


def wire_contact(point: ContactPoint) -> Wire:
    wire = {"type": _TYPE_OF_KIND.get(point.kind, point.type), "value": point.value}
    if point.name is not None:
        wire["name"] = point.name
    return wire


def device_of(shape: shapes.MobileDevice) -> Device:
    return Device(
        identifier=given(shape.identifier),
        app_id=given(shape.app_id),
        name=given(shape.name),
        type=given(shape.type),
        notification_service=given(shape.notification_service),
    )


def wire_device(device: Device) -> Wire:
    return {
        "identifier": device.identifier,
        "appId": device.app_id,
        "name": device.name,
        "type": device.type,
        "notificationService": device.notification_service,
    }


def education_of(shape: shapes.Education) -> Education:
    return Education(
        id=shape.id,
        school_type=given(shape.school_type),
        school_name=given(shape.school_name),
        concentration=given(shape.school_concentration),
        start_year=whole(shape.start_year),
        end_year=whole(shape.end_year),
        current=given(shape.is_current),
    )


def wire_education(education: Education) -> Wire:
    return {
        "id": education.id,
        "schoolType": education.school_type,
        "schoolName": education.school_name,
        "schoolConcentration": education.concentration,
        "startYear": education.start_year,
        "endYear": education.end_year,
        "isCurrent": education.current,
    }


def like_of(shape: shapes.Like) -> Like:
    return Like(
        id=shape.id,
        category=given(shape.category),
        name=given(shape.name),
        created_at=read_time(given(shape.created_time), "/createdTime"),
    )


def wire_like(like: Like) -> Wire:
    return {
        "id": like.id,
        "category": like.category,
        "name": like.name,
        "createdTime": optional_time(like.created_at),
    }


def employment_of(shape: shapes.Job) -> Employment:
    return Employment(
        id=shape.id,
        industry=given(shape.company_industry),
        company=given(shape.company_name),
        job_title=given(shape.job_title),
        start_date=read_day(given(shape.start_date), "/startDate"),
        end_date=read_day(given(shape.end_date), "/endDate"),
        current=given(shape.is_current),
    )


def wire_employment(job: Employment) -> Wire:
    return {
        "id": job.id,
        "companyIndustry": job.industry,
        "companyName": job.company,
        "jobTitle": job.job_title,
        "startDate": job.start_date.isoformat() if job.start_date else None,
        "endDate": job.end_date.isoformat() if job.end_date else None,
        "isCurrent": job.current,
    }


_PLAIN_FIELDS = ("name", "type", "kind", "subscribed", "subscriber_id")
_TIME_FIELDS = {
    "start_date": "/startDate",
    "end_date": "/endDate",
    "registered_at": "/registeredAt",
    "updated_at": "/updatedAt",
}
_CONTEXT_FIELDS = ("subscribe_context", "unsubscribe_context")


def subscription_change_of(shape: shapes.Subscription) -> SubscriptionChange:
    """Only the fields that were sent; the stored others stay."""
    values: dict[str, Any] = {
        name: value
        for name in (*_PLAIN_FIELDS, *_CONTEXT_FIELDS)
        if (value := getattr(shape, name)) is not UNSET
    }
    for name, path in _TIME_FIELDS.items():
        text = getattr(shape, name)
        if text is not UNSET:
            values[name] = read_time(text, path)
    if shape.preferences is not UNSET:
        values["preferences"] = tuple(
            Preference(given(one.key), given(one.value)) for one in shape.preferences or ()
        )
    return SubscriptionChange(shape.id, values)


def subscription_of(shape: shapes.Subscription) -> Subscription:
    """The whole subscription: what was not sent is not there."""
    change = subscription_change_of(shape)
    return Subscription(id=change.id, **change.values)


def wire_subscription(subscription: Subscription) -> Wire:
    return {
        "id": subscription.id,
        "name": subscription.name,
        "type": subscription.type,
        "kind": subscription.kind,
        "subscribed": bool(subscription.subscribed),
        "startDate": optional_time(subscription.start_date),
        "endDate": optional_time(subscription.end_date),
        "subscriberId": subscription.subscriber_id,
        "registeredAt": optional_time(subscription.registered_at),
        "updatedAt": optional_time(subscription.updated_at),
        "subscribeContext": subscription.subscribe_context,
        "unsubscribeContext": subscription.unsubscribe_context,
        "preferences": [{"key": one.key, "value": one.value} for one in subscription.preferences],
    }

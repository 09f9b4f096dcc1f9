"""Bodies with customers and their parts. UNSET is absent, None is null."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

Text = str | UnsetType | None
Whole = int | float | UnsetType | None
"""A whole number, which JSON may write as `2004.0` too; the contract has checked that it is one."""


class Geo(Struct):
    lat: float
    lon: float


class Address(Struct):
    street: Text = UNSET
    city: Text = UNSET
    country: Text = UNSET
    province: Text = UNSET
    region: Text = UNSET
    zip: Text = UNSET
    geo: Geo | UnsetType | None = UNSET


class OtherContact(Struct):
    name: Text = UNSET
    type: Text = UNSET
    value: Text = UNSET


class MobileDevice(Struct, rename="camel"):
    identifier: Text = UNSET
    app_id: Text = UNSET
    name: Text = UNSET
    type: Text = UNSET
    notification_service: Text = UNSET


class Contacts(Struct, rename="camel"):
    email: Text = UNSET
    fax: Text = UNSET
    mobile_phone: Text = UNSET
    phone: Text = UNSET
    other_contacts: list[OtherContact] | UnsetType | None = UNSET
    mobile_devices: list[MobileDevice] | UnsetType | None = UNSET


class Credential(Struct):
    password: Text = UNSET
    username: Text = UNSET


class Education(Struct, rename="camel"):
    id: str
    school_type: Text = UNSET
    school_name: Text = UNSET
    school_concentration: Text = UNSET
    start_year: Whole = UNSET
    end_year: Whole = UNSET
    is_current: bool | UnsetType | None = UNSET


class Like(Struct, rename="camel"):
    id: str
    category: Text = UNSET
    name: Text = UNSET
    created_time: Text = UNSET


class Job(Struct, rename="camel"):
    id: str
    company_industry: Text = UNSET
    company_name: Text = UNSET
    job_title: Text = UNSET
    start_date: Text = UNSET
    end_date: Text = UNSET
    is_current: bool | UnsetType | None = UNSET


class Preference(Struct):
    key: Text = UNSET
    value: Text = UNSET


class Subscription(Struct, rename="camel"):
    id: str
    name: Text = UNSET
    type: Text = UNSET
    kind: Text = UNSET
    subscribed: bool | UnsetType = UNSET
    start_date: Text = UNSET
    end_date: Text = UNSET
    subscriber_id: Text = UNSET
    registered_at: Text = UNSET
    updated_at: Text = UNSET
    subscribe_context: dict[str, Any] | UnsetType | None = UNSET
    unsubscribe_context: dict[str, Any] | UnsetType | None = UNSET
    preferences: list[Preference] | UnsetType | None = UNSET


class Base(Struct, rename="camel"):
    picture_url: Text = UNSET
    title: Text = UNSET
    prefix: Text = UNSET
    first_name: Text = UNSET
    last_name: Text = UNSET
    middle_name: Text = UNSET
    gender: Text = UNSET
    dob: Text = UNSET
    locale: Text = UNSET
    timezone: Text = UNSET
    contacts: Contacts | UnsetType | None = UNSET
    address: Address | UnsetType | None = UNSET
    credential: Credential | UnsetType | None = UNSET
    educations: list[Education] | UnsetType | None = UNSET
    likes: list[Like] | UnsetType | None = UNSET
    social_profile: dict[str, str | None] | UnsetType | None = UNSET
    jobs: list[Job] | UnsetType | None = UNSET
    subscriptions: list[Subscription] | UnsetType | None = UNSET


class Tags(Struct):
    auto: list[str] | UnsetType | None = UNSET
    manual: list[str] | UnsetType | None = UNSET


class CustomerBody(Struct, rename="camel"):
    """What POST, PUT and PATCH send; which parts are required the contract says.

    Parts that only the server sets are read so that a different value can be refused.
    """

    node_id: Text = UNSET
    id: Text = UNSET
    int_id: Whole = UNSET
    external_id: Text = UNSET
    base: Base | UnsetType | None = UNSET
    consents: dict[str, Any] | UnsetType | None = UNSET
    extended: dict[str, Any] | UnsetType | None = UNSET
    extra: Text = UNSET
    tags: Tags | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET
    registered_at: Text = UNSET
    deleted: Whole = UNSET


class SessionCreate(Struct):
    value: str | UnsetType = UNSET

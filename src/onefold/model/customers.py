"""The record: one customer, whichever API wrote it. Field names follow SCIM 2.0 (RFC 7643)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from onefold.model.consents import Consents

Json = Any
"""A JSON value as plain Python: text, number, boolean, null, list or object with text keys."""


class ContactKind(StrEnum):
    """What a contact point is reached by."""

    EMAIL = "email"
    MOBILE = "mobile"
    LANDLINE = "landline"
    FAX = "fax"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    honorific_prefix: str | None = None
    title: str | None = None
    given: str | None = None
    middle: str | None = None
    family: str | None = None
    suffix: str | None = None
    display: str | None = None


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """An e-mail address, a number or the like; `key` is stable and never given twice."""

    key: int
    kind: ContactKind
    value: str | None = None
    name: str | None = None
    type: str | None = None
    primary: bool = False
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `key` is stable and never given twice."""

    key: int
    type: str | None = None
    primary: bool = False
    name: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    province: str | None = None
    postal_code: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    extra_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    identifier: str | None = None
    app_id: str | None = None
    name: str | None = None
    type: str | None = None
    notification_service: str | None = None


@dataclass(frozen=True, slots=True)
class Education:
    id: str
    school_type: str | None = None
    school_name: str | None = None
    concentration: str | None = None
    start_year: int | None = None
    end_year: int | None = None
    current: bool | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    id: str
    industry: str | None = None
    company: str | None = None
    job_title: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    current: bool | None = None


@dataclass(frozen=True, slots=True)
class Like:
    id: str
    category: str | None = None
    name: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    key: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A customer's place on one list; `subscribe_context` says where it was made."""

    id: str
    name: str | None = None
    type: str | None = None
    kind: str | None = None
    subscribed: bool | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    subscriber_id: str | None = None
    registered_at: datetime | None = None
    updated_at: datetime | None = None
    subscribe_context: Mapping[str, Json] | None = None
    unsubscribe_context: Mapping[str, Json] | None = None
    preferences: tuple[Preference, ...] = ()


@dataclass(frozen=True, slots=True)
class Credential:
    """A login; the password is kept only as its argon2 hash and never answered."""

    username: str | None = None
    password_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Tags:
    auto: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()


_NO_NAME = Name()
_NO_CREDENTIAL = Credential()
_NO_CONSENTS = Consents()
_NO_TAGS = Tags()
_NO_KEYS: Mapping[str, Json] = {}
"""Shared by all profiles that have none: nobody changes them, and profiles are made in masses."""


def _no_keys() -> Mapping[str, Json]:
    return _NO_KEYS


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that is known about a customer and can be changed from outside.

    `next_key` is the key that the next contact point or address gets. `custom` holds values of
    the workspace's own properties, `details` what a dialect knows and the record does not.
    """

    external_id: str | None = None
    name: Name = _NO_NAME
    birth_date: date | None = None
    gender: str | None = None
    locale: str | None = None
    timezone: str | None = None
    currency: str | None = None
    picture: str | None = None
    national_id: str | None = None
    contact_points: tuple[ContactPoint, ...] = ()
    addresses: tuple[Address, ...] = ()
    next_key: int = 1
    handles: Mapping[str, str] = field(default_factory=_no_keys)
    devices: tuple[Device, ...] = ()
    educations: tuple[Education, ...] = ()
    employments: tuple[Employment, ...] = ()
    likes: tuple[Like, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    credential: Credential = _NO_CREDENTIAL
    consents: Consents = _NO_CONSENTS
    choices: Mapping[str, Json] = field(default_factory=_no_keys)
    tags: Tags = _NO_TAGS
    custom: Mapping[str, Json] = field(default_factory=_no_keys)
    details: Mapping[str, Json] = field(default_factory=_no_keys)
    extra: str | None = None
    enabled: bool = True

    def primary_contact(self, kind: ContactKind) -> ContactPoint | None:
        for point in self.contact_points:
            if point.kind is kind and point.primary:
                return point
        return None

    def primary_address(self) -> Address | None:
        for address in self.addresses:
            if address.primary:
                return address
        return None


EMPTY_PROFILE = Profile()
"""What a new customer starts from."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of an entry node, or a person: the profile, and what only the server may set.

    `merged` says that it may be one of several that people called the same.
    """

    id: UUID
    node_id: UUID
    number: int
    profile: Profile
    version: int
    registered_at: datetime
    registered_by: UUID | None
    updated_at: datetime
    updated_by: UUID | None
    consent_entries: int = 0
    consent_head: bytes | None = None
    merged: bool = False

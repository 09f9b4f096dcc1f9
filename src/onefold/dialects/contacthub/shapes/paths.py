"""Contacthub's dotted paths and the core's; one table, read in both directions."""

from collections.abc import Mapping

SCALARS: Mapping[str, str] = {
    "externalId": "external_id",
    "extra": "extra",
    "enabled": "enabled",
    "base.pictureUrl": "picture",
    "base.title": "name.title",
    "base.prefix": "name.honorific_prefix",
    "base.firstName": "name.given",
    "base.lastName": "name.family",
    "base.middleName": "name.middle",
    "base.gender": "gender",
    "base.dob": "birth_date",
    "base.locale": "locale",
    "base.timezone": "timezone",
    "base.contacts.email": "contact.email",
    "base.contacts.fax": "contact.fax",
    "base.contacts.mobilePhone": "contact.mobile",
    "base.contacts.phone": "contact.landline",
    "base.address.street": "address.street",
    "base.address.city": "address.city",
    "base.address.country": "address.country",
    "base.address.province": "address.province",
    "base.address.region": "address.region",
    "base.address.zip": "address.postal_code",
    "base.address.geo.lat": "address.latitude",
    "base.address.geo.lon": "address.longitude",
    "base.credential.username": "credential.username",
    "base.credential.password": "credential.password",
    "consents.disclaimer.date": "notice.date",
    "consents.disclaimer.version": "notice.version",
}
"""Everything that holds one value."""

SYSTEM: Mapping[str, str] = {
    "id": "id",
    "intId": "number",
    "nodeId": "node_id",
    "version": "version",
    "registeredAt": "registered_at",
    "updatedAt": "updated_at",
    "sourceInfo.registeredBy": "registered_by",
    "sourceInfo.updatedBy": "updated_by",
}
"""What only the server sets, and searches may name."""

_DEVICES = {
    "identifier": "identifier",
    "appId": "app_id",
    "name": "name",
    "type": "type",
    "notificationService": "notification_service",
}
_EDUCATIONS = {
    "id": "id",
    "schoolType": "school_type",
    "schoolName": "school_name",
    "schoolConcentration": "concentration",
    "startYear": "start_year",
    "endYear": "end_year",
    "isCurrent": "current",
}
_JOBS = {
    "id": "id",
    "companyIndustry": "industry",
    "companyName": "company",
    "jobTitle": "job_title",
    "startDate": "start_date",
    "endDate": "end_date",
    "isCurrent": "current",
}
_SUBSCRIPTIONS = {
    "id": "id",
    "name": "name",
    "type": "type",
    "kind": "kind",
    "subscribed": "subscribed",
    "startDate": "start_date",
    "endDate": "end_date",
    "subscriberId": "subscriber_id",
    "registeredAt": "registered_at",
    "updatedAt": "updated_at",
    "subscribeContext": "subscribe_context",
    "unsubscribeContext": "unsubscribe_context",
    "preferences": "preferences",
}

LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "base.contacts.otherContacts": (
        "other_contacts",
        {"name": "name", "type": "kind", "value": "value"},
    ),
    "base.contacts.mobileDevices": ("devices", _DEVICES),
    "base.educations": ("educations", _EDUCATIONS),
    "base.likes": (
        "likes",
        {"id": "id", "category": "category", "name": "name", "createdTime": "created_at"},
    ),
    "base.jobs": ("employments", _JOBS),
    "base.subscriptions": ("subscriptions", _SUBSCRIPTIONS),
    "tags.auto": ("tags.auto", {}),
    "tags.manual": ("tags.manual", {}),
}
"""Lists: wire path -> core list and, for lists of objects, wire field -> core field."""

DAYS = frozenset({"birth_date", "employments.start_date", "employments.end_date"})
MOMENTS = frozenset(
    {"registered_at", "updated_at", "notice.date", "likes.created_at"}
    | {f"subscriptions.{name}" for name in ("start_date", "end_date")}
    | {f"subscriptions.{name}" for name in ("registered_at", "updated_at")}
)
UUIDS = frozenset({"id", "node_id", "registered_by", "updated_by"})

PURPOSE_WORDS: Mapping[str, str] = {
    "softSpam": "soft_spam",
    "thirdPartyTransfer": "third_party_transfer",
}
_WIRE_PURPOSES = {core: wire for wire, core in PURPOSE_WORDS.items()}

_WIRE_OF_CORE = {core: wire for wire, core in SCALARS.items()} | {
    "node_id": "nodeId",
    "customer_id": "customerId",
    "bring_back.node_id": "bringBackProperties.nodeId",
    "credential.password_hash": "base.credential.password",
    "settings.timezone": "timezone",
    "settings.requests_per_minute": "maxRequestsPerMinute",
    "source_priority": "sourcePriority",
    "entry_node_ids": "entryNodes",
    "rules": "matchingProperties",
    "exclusions": "exclusionFilters",
}
_WIRE_LISTS = {core: (wire, fields) for wire, (core, fields) in LISTS.items()} | {
    "contact_points": (
        "base.contacts.otherContacts",
        {"name": "name", "type": "kind", "value": "value"},
    )
}


EVENT_SIZE = "settings.event_bytes_max."


def core_path(wire: str) -> str | None:
    """The core path of a wire path, None when there is none by that name."""
    if wire in SCALARS:
        return SCALARS[wire]
    if wire in SYSTEM:
        return SYSTEM[wire]
    head, _, rest = wire.partition(".")
    if head == "extended" and rest:
        return f"custom.{rest}"
    if head == "consents" and rest:
        return _consent_path(rest)
    if wire.startswith("base.socialProfile."):
        return "handles." + wire.removeprefix("base.socialProfile.")
    return _list_path(wire)


def wire_pointer(core: str) -> str:
    """The JSON Pointer of a core path, as errors name fields."""
    if core == "" or core.startswith("/"):
        return core
    return "/" + wire_path(core).replace(".", "/").replace("~2", ".")


def wire_path(core: str) -> str:
    """The wire path of a core path; positions inside a list are kept."""
    if core in _WIRE_OF_CORE:
        return _WIRE_OF_CORE[core]
    head, _, rest = core.partition(".")
    if core.startswith(EVENT_SIZE):
        return f"{core.removeprefix(EVENT_SIZE)}.maxBytes"
    if head == "custom":
        return f"extended.{rest}"
    if head == "handles":
        return f"base.socialProfile.{rest}"
    if head == "consents":
        first, _, others = rest.partition(".")
        return f"consents.{_WIRE_PURPOSES.get(first, first)}.{others}"
    return _wire_list_path(core, head, rest)


def _consent_path(rest: str) -> str:
    first, _, others = rest.partition(".")
    return f"consents.{PURPOSE_WORDS.get(first, first)}.{others}"


def _list_path(wire: str) -> str | None:
    for prefix, (core, fields) in LISTS.items():
        if wire == prefix and not fields:
            return core
        if wire == prefix:
            return f"{core}"
        if wire.startswith(prefix + "."):
            name = fields.get(wire.removeprefix(prefix + "."))
            return f"{core}.{name}" if name else None
    return None


def _wire_list_path(core: str, head: str, rest: str) -> str:
    if core in _WIRE_LISTS:
        return _WIRE_LISTS[core][0]
    if head not in _WIRE_LISTS:
        return core
    wire, fields = _WIRE_LISTS[head]
    position, _, name = rest.partition(".")
    names = {inner: outer for outer, inner in fields.items()}
    return f"{wire}.{position}.{names.get(name, name)}"

"""From the record to Contacthub's customer: absent objects are null, absent lists are empty."""

from collections.abc import Mapping
from typing import Any

from onefold.dialects.contacthub.mapping.parts import (
    Wire,
    wire_contact,
    wire_device,
    wire_education,
    wire_employment,
    wire_like,
    wire_subscription,
)
from onefold.dialects.contacthub.mapping.times import optional_time, wire_time
from onefold.model.consents import Consent, Consents
from onefold.model.customers import Address, ContactKind, Customer, Profile

WHOLE = "geo"
"""Answered with both its numbers or not at all: one of them is no place on earth."""

NETWORKS = ("facebook", "google", "instagram", "linkedin", "qzone", "twitter")


def wire_customer(customer: Customer) -> Wire:
    """The whole customer. The password is never answered, see the dialect's notes."""
    profile = customer.profile
    return {
        "id": str(customer.id),
        "nodeId": str(customer.node_id),
        "intId": customer.number,
        "externalId": profile.external_id,
        "base": _base(profile),
        "consents": _consents(profile.consents),
        "extended": profile.custom or None,
        "extra": profile.extra,
        "tags": _tags(profile),
        "enabled": profile.enabled,
        "registeredAt": wire_time(customer.registered_at),
        "updatedAt": wire_time(customer.updated_at),
        "version": customer.version,
        "deleted": 0,
        "sourceInfo": _source_info(customer),
    }


def _source_info(customer: Customer) -> Wire:
    info = {}
    if customer.registered_by is not None:
        info["registeredBy"] = str(customer.registered_by)
    if customer.updated_by is not None:
        info["updatedBy"] = str(customer.updated_by)
    return info


def _base(profile: Profile) -> Wire:
    name = profile.name
    return {
        "pictureUrl": profile.picture,
        "title": name.title,
        "prefix": name.honorific_prefix,
        "firstName": name.given,
        "lastName": name.family,
        "middleName": name.middle,
        "gender": profile.gender,
        "dob": profile.birth_date.isoformat() if profile.birth_date else None,
        "locale": profile.locale,
        "timezone": profile.timezone,
        "contacts": _contacts(profile),
        "address": _address(profile.primary_address()),
        "credential": _credential(profile),
        "educations": [wire_education(one) for one in profile.educations],
        "likes": [wire_like(one) for one in profile.likes],
        "socialProfile": _social_profile(profile.handles),
        "jobs": [wire_employment(one) for one in profile.employments],
        "subscriptions": [wire_subscription(one) for one in profile.subscriptions],
    }


def _contacts(profile: Profile) -> Wire | None:
    if not profile.contact_points and not profile.devices:
        return None
    primary = {one.kind: one.value for one in profile.contact_points if one.primary}
    return {
        "email": primary.get(ContactKind.EMAIL),
        "fax": primary.get(ContactKind.FAX),
        "mobilePhone": primary.get(ContactKind.MOBILE),
        "phone": primary.get(ContactKind.LANDLINE),
        "otherContacts": [wire_contact(one) for one in profile.contact_points if not one.primary],
        "mobileDevices": [wire_device(one) for one in profile.devices],
    }


def _address(address: Address | None) -> Wire | None:
    if address is None:
        return None
    geo = None
    if address.latitude is not None and address.longitude is not None:
        geo = {"lat": address.latitude, "lon": address.longitude}
    return {
        "street": address.street,
        "city": address.city,
        "country": address.country,
        "province": address.province,
        "region": address.region,
        "zip": address.postal_code,
        "geo": geo,
    }


def _credential(profile: Profile) -> Wire | None:
    credential = profile.credential
    if credential.username is None and credential.password_hash is None:
        return None
    return {"username": credential.username, "password": None}


def _social_profile(handles: Mapping[str, str]) -> Wire | None:
    if not handles:
        return None
    return {network: handles.get(network) for network in NETWORKS}


def _tags(profile: Profile) -> Wire | None:
    tags = profile.tags
    if not tags.auto and not tags.manual:
        return None
    return {"auto": list(tags.auto), "manual": list(tags.manual)}


def _consents(consents: Consents) -> Wire | None:
    notice = consents.notice
    if not consents.purposes and notice.date is None and notice.version is None:
        return None
    tree = _TreeOfConsents(consents.purposes)
    disclaimer = None
    if notice.date is not None or notice.version is not None:
        disclaimer = {"date": optional_time(notice.date), "version": notice.version}
    return {
        "disclaimer": disclaimer,
        "marketing": tree.branch(
            traditional=tree.branch(
                telephonic=tree.leaf("marketing.traditional.telephonic"),
                papery=tree.leaf("marketing.traditional.papery"),
            ),
            automatic=tree.branch(
                sms=tree.leaf("marketing.automatic.sms"),
                email=tree.leaf("marketing.automatic.email"),
                push=tree.leaf("marketing.automatic.push"),
                im=tree.leaf("marketing.automatic.im"),
                telephonic=tree.leaf("marketing.automatic.telephonic"),
            ),
        ),
        "profiling": tree.branch(
            classic=tree.leaf("profiling.classic"), online=tree.leaf("profiling.online")
        ),
        "softSpam": tree.branch(
            email=tree.leaf("soft_spam.email"), papery=tree.leaf("soft_spam.papery")
        ),
        "thirdPartyTransfer": tree.branch(
            profiling=tree.leaf("third_party_transfer.profiling"),
            marketing=tree.leaf("third_party_transfer.marketing"),
        ),
    }


class _TreeOfConsents:
    """Puts decisions by purpose back into the vendor's tree; a branch without any is null."""

    def __init__(self, purposes: Mapping[str, Consent]) -> None:
        self._purposes = purposes

    def leaf(self, purpose: str) -> Wire | None:
        consent = self._purposes.get(purpose)
        if consent is None:
            return None
        return {
            "status": consent.status,
            "limitation": consent.limitation,
            "objection": consent.objection,
        }

    @staticmethod
    def branch(**parts: Any) -> Wire | None:
        return parts if any(part is not None for part in parts.values()) else None


def only_fields(wire: Wire, paths: tuple[str, ...]) -> Wire:
    """The customer with only these dotted paths, inside their parents; the id always stays."""
    kept: Wire = {"id": wire["id"], "nodeId": wire["nodeId"]}
    for path in paths:
        _copy(wire, kept, path.split("."))
    return kept


def _copy(source: Any, target: Wire, names: list[str]) -> None:
    name, *rest = names
    if not isinstance(source, Mapping) or name not in source:
        return
    if not rest or name == WHOLE:
        target[name] = source[name]
        return
    if isinstance(source[name], Mapping):
        _copy(source[name], target.setdefault(name, {}), rest)
    else:
        target[name] = source[name]

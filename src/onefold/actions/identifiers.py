"""The identifiers that a profile gives its customer."""

from collections.abc import Iterator

from onefold.model.customers import ContactKind, Customer, Profile
from onefold.model.identifiers import (
    IdentifierKind,
    normalise_email,
    normalise_national_id,
    normalise_phone,
    normalise_text,
)
from onefold.store.database import Transaction
from onefold.store.identifiers import Identifier
from onefold.store.sealing import Sealer

_CALLABLE = frozenset({ContactKind.MOBILE, ContactKind.LANDLINE})
_COUNTRY_LETTERS = 2


def identifiers_of(tx: Transaction, customer: Customer, *, region: str | None) -> set[Identifier]:
    """Every normalised value by which this customer is to be found."""
    found = {(IdentifierKind.NUMBER.value, str(customer.number))}
    found.update(values_of(tx.sealer, customer.profile, region))
    return {Identifier(kind, value, customer.id, customer.node_id) for kind, value in found}


def external_value(external_id: str) -> str:
    return normalise_text(external_id, case_sensitive=True)


def national_value(sealer: Sealer, national_id: str, *, country: str | None) -> str | None:
    """A keyed hash: the id itself is sealed and must not stand in an index."""
    normal = normalise_national_id(national_id, country)
    return sealer.fingerprint(normal) if normal else None


def values_of(sealer: Sealer, profile: Profile, region: str | None) -> Iterator[tuple[str, str]]:
    """Kind and normalised value of everything in the profile that points at its customer."""
    country = _country(profile) or region
    for point in profile.contact_points:
        if not point.value:
            continue
        if point.kind is ContactKind.EMAIL:
            if email := normalise_email(point.value):
                yield IdentifierKind.EMAIL.value, email
        elif point.kind in _CALLABLE and (phone := normalise_phone(point.value, country)):
            yield IdentifierKind.PHONE.value, phone
    if profile.external_id and (external := external_value(profile.external_id)):
        yield IdentifierKind.EXTERNAL_ID.value, external
    if profile.national_id and (
        national := national_value(sealer, profile.national_id, country=country)
    ):
        yield IdentifierKind.NATIONAL_ID.value, national
    for network, handle in profile.handles.items():
        if value := normalise_text(handle, case_sensitive=False):
            yield IdentifierKind.HANDLE.value, f"{network}:{value}"


def _country(profile: Profile) -> str | None:
    """The region that a national phone number is read in: of the address, else of the locale."""
    address = profile.primary_address()
    if address and address.country and len(address.country) == _COUNTRY_LETTERS:
        return address.country.upper()
    language, _, territory = (profile.locale or "").replace("-", "_").rpartition("_")
    return territory.upper() if language and len(territory) == _COUNTRY_LETTERS else None

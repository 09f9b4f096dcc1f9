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
from onefold.model.plain import PlainRecord
from onefold.store.database import Transaction
from onefold.store.identifiers import Identifier
from onefold.store.sealing import Sealer

_CALLABLE = frozenset({ContactKind.MOBILE, ContactKind.LANDLINE})
_CONTACT_PATHS = tuple(
    (f"contact.{kind}", kind) for kind in (ContactKind.EMAIL, *sorted(_CALLABLE))
)
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
    address = profile.primary_address()
    country = _country(address.country if address else None, profile.locale) or region
    for point in profile.contact_points:
        yield from _contact_value(point.kind, point.value, country)
    yield from _external(profile.external_id)
    if profile.national_id and (
        national := national_value(sealer, profile.national_id, country=country)
    ):
        yield IdentifierKind.NATIONAL_ID.value, national
    for network, handle in profile.handles.items():
        if value := normalise_text(handle, case_sensitive=False):
            yield IdentifierKind.HANDLE.value, f"{network}:{value}"


def plain_values_of(record: PlainRecord, region: str | None) -> Iterator[tuple[str, str]]:
    """The same of a plain record, which has nothing else that points at its customer."""
    find = record.values.get
    country = _country(find("address.country"), find("locale")) or region
    for path, kind in _CONTACT_PATHS:
        yield from _contact_value(kind, find(path), country)
    yield from _external(find("external_id"))


def _contact_value(
    kind: ContactKind, value: str | None, country: str | None
) -> Iterator[tuple[str, str]]:
    if not value:
        return
    if kind is ContactKind.EMAIL:
        if email := normalise_email(value):
            yield IdentifierKind.EMAIL.value, email
    elif kind in _CALLABLE and (phone := normalise_phone(value, country)):
        yield IdentifierKind.PHONE.value, phone


def _external(external_id: str | None) -> Iterator[tuple[str, str]]:
    if external_id and (external := external_value(external_id)):
        yield IdentifierKind.EXTERNAL_ID.value, external


def _country(country: str | None, locale: str | None) -> str | None:
    """The region that a national phone number is read in: of the address, else of the locale."""
    if country and len(country) == _COUNTRY_LETTERS:
        return country.upper()
    language, _, territory = (locale or "").replace("-", "_").rpartition("_")
    return territory.upper() if language and len(territory) == _COUNTRY_LETTERS else None

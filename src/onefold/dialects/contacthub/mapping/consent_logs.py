"""The consent log in Contacthub's shape, and its filters in the core's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from onefold.dialects.contacthub.mapping.times import wire_time
from onefold.dialects.contacthub.shapes.paths import PURPOSE_WORDS, core_path, wire_path
from onefold.model.consents import (
    CONSENT_EVENTS,
    DISCLAIMER_READ,
    NOTICE,
    ConsentEntry,
    ConsentSort,
    LoggedLine,
)
from onefold.model.errors import FieldError, Invalid

Wire = dict[str, Any]

SOURCE = "source"
MEMBER = "member"
DISCLAIMER = "disclaimer"
_CONSENTS = "consents"

SORTS: Mapping[str, ConsentSort] = {
    "id": ConsentSort.NUMBER,
    "date": ConsentSort.DATE,
    "type": ConsentSort.EVENT,
    "property": ConsentSort.PATH,
    "customerId": ConsentSort.CUSTOMER,
}
NEWEST_FIRST = (ConsentSort.DATE, True)


def wire_line(line: LoggedLine) -> Wire:
    """Only what is known: a line of the operator's names neither source nor user."""
    entry = line.entry
    wire: Wire = {
        "id": line.number,
        "customerId": str(entry.customer_id),
        "date": wire_time(entry.at),
        "type": entry.event,
    }
    path = _path_of(entry)
    if path is not None:
        wire["property"] = path
    value = _value_of(entry)
    if value is not None:
        wire["value"] = value
    return {**wire, **_author_of(line)}


def _path_of(entry: ConsentEntry) -> str | None:
    if entry.decision is not None:
        return wire_path(f"{_CONSENTS}.{entry.decision.purpose}.{entry.decision.aspect}")
    return f"{_CONSENTS}.{DISCLAIMER}" if entry.event == DISCLAIMER_READ else None


def _value_of(entry: ConsentEntry) -> str | None:
    if entry.decision is None:
        return entry.notice_version if entry.event == DISCLAIMER_READ else None
    after = entry.decision.after
    return None if after is None else str(after).lower()


def _author_of(line: LoggedLine) -> Wire:
    author = line.entry.author
    if author.kind == MEMBER and line.member_number is not None:
        return {"userId": line.member_number}
    if author.id is not None and author.kind in (SOURCE, None):
        return {"sourceId": str(author.id)}
    return {}


def event_of(text: str | None) -> str | None:
    if text and text not in CONSENT_EVENTS:
        found = FieldError("/type", "is not one of the allowed values")
        raise Invalid("type is not valid", fields=(found,))
    return text or None


def path_of(text: str | None) -> str | None:
    """A JSON path, a JSON pointer or dotted words, with or without the word consents."""
    if not text:
        return None
    words = [one for one in text.removeprefix("$").replace("/", ".").split(".") if one]
    if words and words[0] == _CONSENTS:
        words = words[1:]
    if words and words[0] == DISCLAIMER:
        return NOTICE
    return ".".join(PURPOSE_WORDS.get(one, one) for one in words) or None


def sort_of(text: str | None) -> tuple[ConsentSort, bool]:
    """`field`, `field,asc` or `field,desc` in any letter case."""
    if not text:
        return NEWEST_FIRST
    name, _, direction = text.partition(",")
    field, word = SORTS.get(name.strip()), direction.strip().lower()
    if field is None or word not in ("", "asc", "desc"):
        found = FieldError("/sort", f"is not one of {', '.join(SORTS)}, followed by asc or desc")
        raise Invalid("sort is not valid", fields=(found,))
    return field, word == "desc"


def unique_values(document: object) -> dict[str, Any]:
    """Values by core path, of an object with dotted names or with objects inside."""
    if not isinstance(document, Mapping):
        found = FieldError("/uniqueKey", "is not an object")
        raise Invalid("uniqueKey is not valid", fields=(found,))
    named = {core_path(name): value for name, value in _leaves(document, "")}
    return {path: value for path, value in named.items() if path is not None}


def _leaves(document: Mapping[str, Any], under: str) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{under}{name}.")
        else:
            yield under + name, value

"""References inside JSON Schemas: replaced by what they point at, or carried along."""

from collections.abc import Mapping
from typing import Any

Json = Any
REFERENCE = "$ref"


def resolved(schema: Json, document: Mapping[str, Any]) -> Json:
    """The schema with each `#/…` replaced by its target in the document; it must have no circle."""
    if isinstance(schema, Mapping):
        if REFERENCE in schema:
            rest = {name: value for name, value in schema.items() if name != REFERENCE}
            target = resolved(target_of(schema[REFERENCE], document), document)
            return {**target, **resolved(rest, document)}
        return {name: resolved(value, document) for name, value in schema.items()}
    if isinstance(schema, list):
        return [resolved(one, document) for one in schema]
    return schema


def self_contained(schema: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with its references left, and under `definitions` everything that they need."""
    needed: dict[str, Any] = {}
    waiting = list(_references_in(schema))
    while waiting:
        reference = waiting.pop()
        name = reference.rpartition("/")[2]
        if name not in needed:
            target = target_of(reference, document)
            needed[name] = _renamed(target)
            waiting.extend(_references_in(target))
    own = _renamed(schema)
    return {**own, "definitions": dict(sorted(needed.items()))} if needed else own


def target_of(reference: str, document: Mapping[str, Any]) -> Json:
    found: Json = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _references_in(schema: Json) -> list[str]:
    if isinstance(schema, Mapping):
        own = [schema[REFERENCE]] if REFERENCE in schema else []
        return own + [one for value in schema.values() for one in _references_in(value)]
    if isinstance(schema, list):
        return [one for value in schema for one in _references_in(value)]
    return []


def _renamed(schema: Json) -> Json:
    """The same with every reference to `#/definitions/`."""
    if isinstance(schema, Mapping):
        return {
            name: f"#/definitions/{value.rpartition('/')[2]}"
            if name == REFERENCE
            else _renamed(value)
            for name, value in schema.items()
        }
    if isinstance(schema, list):
        return [_renamed(one) for one in schema]
    return schema

"""Definitions of extended properties, in Contacthub's shape and the core's."""

from collections.abc import Callable, Mapping
from typing import Any

from onefold.dialects.contacthub.mapping.models import POLICY_OF_WORD, POLICY_WORDS
from onefold.model.errors import FieldError, Invalid
from onefold.model.merge_policies import MergePolicy
from onefold.model.property_schemas import ANNOTATION

Wire = dict[str, Any]
Definition = Mapping[str, Any]

KEYWORDS = "contactlabProperties"
_WORDS: Mapping[str, str] = {
    "label": "label",
    "enabled": "enabled",
    "indexed": "indexed",
    "mergePolicy": "merge_policy",
    "maxLength": "max_length",
    "flowEnabled": "flow_enabled",
}
_WIRE_WORDS = {core: wire for wire, core in _WORDS.items()}


def definitions_of(body: Mapping[str, Wire]) -> dict[str, Definition]:
    """Name -> definition; raises Invalid for a merge policy that nobody knows."""
    return {name: _definition_of(name, wire) for name, wire in body.items()}


def wire_definitions(definitions: Mapping[str, Definition]) -> Wire:
    return {name: _wire_definition(one) for name, one in definitions.items()}


def _definition_of(name: str, wire: Wire) -> Definition:
    schema = {word: value for word, value in wire.items() if word != KEYWORDS}
    inside = _each_inside(schema, lambda inner: _annotated(name, inner))
    return {"schema": inside, **_said(name, wire.get(KEYWORDS) or {})}


def _annotated(name: str, wire: Wire) -> Wire:
    definition = dict(_definition_of(name, wire))
    schema = definition.pop("schema")
    return {**schema, ANNOTATION: definition} if definition else schema


def _said(name: str, keywords: Wire) -> Wire:
    said = {_WORDS[word]: value for word, value in keywords.items() if word in _WORDS}
    if "merge_policy" in said:
        said["merge_policy"] = _policy_of(name, said["merge_policy"])
    return said


def _policy_of(name: str, word: str) -> str:
    policy = POLICY_OF_WORD.get(word)
    if policy is None:
        pointer = f"/{name}/{KEYWORDS}/mergePolicy"
        fields = (FieldError(pointer, "is not the id of a merge policy"),)
        raise Invalid("mergePolicy is not valid", fields=fields)
    return policy.value


def _wire_definition(definition: Definition) -> Wire:
    schema = _each_inside(definition["schema"], _wire_inside)
    keywords = {
        _WIRE_WORDS[word]: POLICY_WORDS[MergePolicy(value)] if word == "merge_policy" else value
        for word, value in definition.items()
        if word in _WIRE_WORDS and value is not None
    }
    return {**schema, KEYWORDS: keywords} if keywords else dict(schema)


def _wire_inside(schema: Wire) -> Wire:
    bare = {word: value for word, value in schema.items() if word != ANNOTATION}
    return _wire_definition({**schema.get(ANNOTATION, {}), "schema": bare})


def _each_inside(schema: Mapping[str, Any], change: Callable[[Wire], Wire]) -> Wire:
    """The schema with every definition inside it changed: those of an object, or of a list's."""
    changed = dict(schema)
    if isinstance(schema.get("properties"), Mapping):
        changed["properties"] = {name: change(one) for name, one in schema["properties"].items()}
    items = schema.get("items")
    if isinstance(items, Mapping) and isinstance(items.get("properties"), Mapping):
        changed["items"] = _each_inside(items, change)
    return changed

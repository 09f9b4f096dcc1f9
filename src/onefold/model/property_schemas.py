"""The JSON Schemas that custom properties are held against, made from their definitions.

A property inside an object is defined as one at the top is, with what is not JSON Schema (its
label, whether it is enabled, its limit) under `x-property`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from onefold.model.errors import FieldError
from onefold.model.schemas import path_segment

ANNOTATION = "x-property"
TEXT_LENGTH_DEFAULT = 255
TEXT_LIST_LENGTH_DEFAULT = 1000

Definition = Mapping[str, Any]
Json = Any


def object_schema(definitions: Mapping[str, Definition]) -> dict[str, Any]:
    """An object that knows the enabled properties and nothing else; null always removes."""
    properties = {
        name: _nullable(_bounded(definition["schema"], definition))
        for name, definition in definitions.items()
        if definition.get("enabled", True)
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def nested_of(schema: Mapping[str, Any]) -> Mapping[str, Json]:
    """The definitions inside an object, or inside the objects of a list."""
    inner = schema
    if schema.get("type") == "array" and isinstance(schema.get("items"), Mapping):
        inner = schema["items"]
    found = inner.get("properties")
    return found if isinstance(found, Mapping) else {}


def is_text_list(schema: Mapping[str, Any]) -> bool:
    items = schema.get("items")
    return (
        schema.get("type") == "array"
        and isinstance(items, Mapping)
        and items.get("type") == "string"
    )


def default_length(schema: Mapping[str, Any]) -> int | None:
    """How long a text, or all texts of a list together, may be when nothing is said."""
    if schema.get("type") == "string":
        return TEXT_LENGTH_DEFAULT
    return TEXT_LIST_LENGTH_DEFAULT if is_text_list(schema) else None


def long_lists(
    schema: Mapping[str, Any], definition: Definition, value: Json, path: str
) -> Iterator[FieldError]:
    """Lists of texts that hold more than their limit, at any depth of a value."""
    nested = nested_of(schema)
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(nested.get(name), Mapping):
                under = f"{path}.{path_segment(name)}"
                yield from long_lists(nested[name], annotation_of(nested[name]), inner, under)
    elif isinstance(value, list) and nested:
        for position, item in enumerate(value):
            if isinstance(item, Mapping):
                yield from long_lists(schema["items"], {}, item, f"{path}.{position}")
    elif isinstance(value, list):
        texts = [item for item in value if isinstance(item, str)]
        most = definition.get("max_length") or TEXT_LIST_LENGTH_DEFAULT
        if texts and sum(map(len, texts)) + len(texts) - 1 > most:
            yield FieldError(path, f"holds more than {most} characters in total", "maxLength")


def annotation_of(schema: Mapping[str, Any]) -> Definition:
    found = schema.get(ANNOTATION)
    return found if isinstance(found, Mapping) else {}


def _bounded(schema: Mapping[str, Any], definition: Definition) -> dict[str, Any]:
    bounded = {name: value for name, value in schema.items() if name != ANNOTATION}
    if schema.get("type") == "string":
        bounded["maxLength"] = definition.get("max_length") or TEXT_LENGTH_DEFAULT
    elif schema.get("type") == "object" and nested_of(schema):
        bounded |= object_schema(
            {
                name: {**annotation_of(inner), "schema": inner}
                for name, inner in nested_of(schema).items()
            }
        )
    elif schema.get("type") == "array" and nested_of(schema):
        bounded["items"] = _bounded(schema["items"], {})
    return bounded


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    nullable = dict(schema)
    if isinstance(schema.get("type"), str):
        nullable["type"] = [schema["type"], "null"]
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable

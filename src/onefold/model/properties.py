"""Custom properties: definitions that a workspace makes, and values held against them."""

from collections.abc import Mapping
from typing import Any

from onefold.model.errors import FieldError, Invalid
from onefold.model.schemas import Schema, path_segment

CUSTOMER_OWNER = "customer"
PRODUCT_OWNER = "product"
EVENT_OWNER = "event:"
"""Followed by the name of the event type."""

TEXT_LENGTH_DEFAULT = 255
TEXT_LIST_LENGTH_DEFAULT = 1000
TEXT_LENGTH_LIMITS = (1, 6000)
TYPES = ("string", "number", "integer", "boolean", "array", "object")

Definition = Mapping[str, Any]
"""`schema`: a JSON Schema; `max_length`; `label`, `enabled`, `indexed`, `merge_policy`."""


class Definitions:
    """The definitions of one workspace, compiled; owner -> name -> definition."""

    def __init__(self, by_owner: Mapping[str, Mapping[str, Definition]]) -> None:
        self._by_owner = by_owner
        self._compiled: dict[str, Schema] = {}

    def findings(self, owner: str, values: Any, under: str) -> tuple[FieldError, ...]:
        """Values that are unknown, switched off, too long or of the wrong form."""
        found = self._schema(owner).findings(values, under)
        if not isinstance(values, Mapping):
            return found
        return found + self._list_findings(owner, values, under)

    def of_owner(self, owner: str) -> Mapping[str, Definition]:
        return self._by_owner.get(owner, {})

    def _schema(self, owner: str) -> Schema:
        compiled = self._compiled.get(owner)
        if compiled is None:
            compiled = self._compiled[owner] = Schema(_object_schema(self.of_owner(owner)))
        return compiled

    def _list_findings(
        self, owner: str, values: Mapping[str, Any], under: str
    ) -> tuple[FieldError, ...]:
        found = []
        definitions = self.of_owner(owner)
        for name, value in values.items():
            definition = definitions.get(name)
            if not isinstance(value, list) or definition is None:
                continue
            texts = [item for item in value if isinstance(item, str)]
            most = definition.get("max_length") or TEXT_LIST_LENGTH_DEFAULT
            if texts and sum(map(len, texts)) + len(texts) - 1 > most:
                message = f"holds more than {most} characters in total"
                found.append(FieldError(f"{under}.{path_segment(name)}", message, "maxLength"))
        return tuple(found)


def _object_schema(definitions: Mapping[str, Definition]) -> dict[str, Any]:
    """An object that knows the enabled properties and nothing else; null always removes."""
    properties = {
        name: _nullable(_value_schema(definition))
        for name, definition in definitions.items()
        if definition.get("enabled", True)
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _value_schema(definition: Definition) -> dict[str, Any]:
    schema = dict(definition["schema"])
    if schema.get("type") == "string":
        schema["maxLength"] = definition.get("max_length") or TEXT_LENGTH_DEFAULT
    return schema


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    nullable = dict(schema)
    if isinstance(schema.get("type"), str):
        nullable["type"] = [schema["type"], "null"]
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def check_definition(name: str, definition: Definition) -> None:
    """Raises Invalid for a name or definition that could never be used."""
    if not name or "." in name:
        message = "the name of a property is empty or holds a dot"
        raise Invalid(message, fields=(FieldError(name, message),))
    schema = definition.get("schema")
    if not isinstance(schema, Mapping) or schema.get("type") not in TYPES:
        message = f"type must be one of {', '.join(TYPES)}"
        raise Invalid(message, fields=(FieldError(f"{name}.type", message),))
    low, high = TEXT_LENGTH_LIMITS
    most = definition.get("max_length")
    if most is not None and not (isinstance(most, int) and low <= most <= high):
        message = f"maxLength must be between {low} and {high}"
        raise Invalid(message, fields=(FieldError(f"{name}.maxLength", message),))
    try:
        Schema(schema)
    except ValueError as error:
        message = "the definition is not a valid JSON schema"
        raise Invalid(message, fields=(FieldError(name, message),)) from error

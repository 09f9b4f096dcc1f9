"""Custom properties: definitions that a workspace makes, and values held against them."""

from collections.abc import Iterator, Mapping
from typing import Any

from onefold.model.errors import FieldError, Invalid, NotPermitted
from onefold.model.merge_policies import TYPES_OF_POLICY, MergePolicy
from onefold.model.property_schemas import (
    ANNOTATION,
    annotation_of,
    default_length,
    long_lists,
    nested_of,
    object_schema,
)
from onefold.model.schemas import Schema, path_segment

CUSTOMER_OWNER = "customer"
PRODUCT_OWNER = "product"
EVENT_OWNER = "event:"
"""Followed by the name of the event type."""

TEXT_LENGTH_LIMITS = (1, 6000)
TYPES = ("string", "number", "integer", "boolean", "array", "object")

Definition = Mapping[str, Any]
"""`schema`: a JSON Schema; and any of DEFINED."""

REFERENCE_WORDS = frozenset(
    {"$ref", "$dynamicRef", "$id", "$anchor", "$dynamicAnchor", "$schema", "$defs"}
)
DEFINED = ("label", "enabled", "indexed", "merge_policy", "max_length", "flow_enabled")
"""What a definition says besides its `schema`; `flow_enabled` is kept for whoever asks."""


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

    def schema(self, owner: str) -> dict[str, Any]:
        """What the values of an owner must meet, as JSON Schema."""
        return object_schema(self.of_owner(owner))

    def _schema(self, owner: str) -> Schema:
        compiled = self._compiled.get(owner)
        if compiled is None:
            compiled = self._compiled[owner] = Schema(self.schema(owner))
        return compiled

    def _list_findings(
        self, owner: str, values: Mapping[str, Any], under: str
    ) -> tuple[FieldError, ...]:
        definitions = self.of_owner(owner)
        return tuple(
            found
            for name, value in values.items()
            if (definition := definitions.get(name)) is not None
            for found in long_lists(
                definition["schema"], definition, value, f"{under}.{path_segment(name)}"
            )
        )


def check_definition(name: str, definition: Definition) -> None:
    """Raises Invalid for a name or definition that could never be used."""
    found = next(_faults(name, definition), None)
    if found is not None:
        raise Invalid(f"{name}: {found.message}" if name else found.message, fields=(found,))


def complete_definition(definition: Definition) -> dict[str, Any]:
    """The definition with the limits that it leaves unsaid, its own and those inside."""
    schema = dict(definition["schema"])
    nested = {name: _completed(inner) for name, inner in nested_of(schema).items()}
    if nested and schema["type"] == "array":
        schema["items"] = {**schema["items"], "properties": nested}
    elif nested:
        schema["properties"] = nested
    complete = {**definition, "schema": schema}
    most = definition.get("max_length") or default_length(schema)
    return complete if most is None else {**complete, "max_length": most}


def settle_index(
    stored: Mapping[str, Definition], wanted: Mapping[str, Definition], *, may_change: bool
) -> dict[str, Definition]:
    """The wanted definitions, each with its `indexed`; who leaves it out leaves it as it is.

    Raises NotPermitted when it differs and may not.
    """
    settled: dict[str, Definition] = {}
    for name, definition in wanted.items():
        before = bool(stored.get(name, {}).get("indexed", False))
        after = definition.get("indexed", before)
        if after != before and not may_change:
            raise NotPermitted(f"only an operator may change whether {name} is indexed")
        settled[name] = {**definition, "indexed": after}
    return settled


def _completed(inner: Mapping[str, Any]) -> dict[str, Any]:
    """A definition inside another one."""
    said = annotation_of(inner)
    bare = {word: value for word, value in inner.items() if word != ANNOTATION}
    complete = complete_definition({**said, "schema": bare})
    schema = complete.pop("schema")
    return {**schema, ANNOTATION: complete} if complete else dict(schema)


def _faults(name: str, definition: Definition) -> Iterator[FieldError]:
    schema = definition.get("schema")
    if not name or "." in name:
        yield FieldError(name, "the name of a property is empty or holds a dot")
    elif not isinstance(schema, Mapping) or schema.get("type") not in TYPES:
        yield FieldError(f"{name}.type", f"type must be one of {', '.join(TYPES)}")
    else:
        yield from _limit_faults(name, definition)
        yield from _policy_faults(name, definition, schema)
        yield from _schema_faults(name, schema)
        for inner_name, inner in nested_of(schema).items():
            said = annotation_of(inner) if isinstance(inner, Mapping) else {}
            for found in _faults(inner_name, {**said, "schema": inner}):
                yield FieldError(f"{name}.{found.path}", found.message, found.code)


def _limit_faults(name: str, definition: Definition) -> Iterator[FieldError]:
    low, high = TEXT_LENGTH_LIMITS
    most = definition.get("max_length")
    if most is not None and not (isinstance(most, int) and low <= most <= high):
        yield FieldError(f"{name}.maxLength", f"maxLength must be between {low} and {high}")


def _policy_faults(
    name: str, definition: Definition, schema: Mapping[str, Any]
) -> Iterator[FieldError]:
    """The priority of sources decides on any value; the others need a type that they can merge."""
    policy = definition.get("merge_policy")
    if policy is None or policy == MergePolicy.PRIORITY:
        return
    if policy not in set(MergePolicy):
        yield FieldError(f"{name}.mergePolicy", "mergePolicy is not a known policy")
    elif schema["type"] not in TYPES_OF_POLICY[MergePolicy(policy)]:
        message = f"mergePolicy cannot merge values of type {schema['type']}"
        yield FieldError(f"{name}.mergePolicy", message)


def _schema_faults(name: str, schema: Mapping[str, Any]) -> Iterator[FieldError]:
    """It stands inside another schema later, where a reference would lead elsewhere."""
    if any(_reference_words(schema)):
        yield FieldError(name, "the definition may not refer to other schemas")
        return
    try:
        Schema(schema)
    except ValueError:
        yield FieldError(name, "the definition is not a valid JSON schema")


def _reference_words(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        for word, value in schema.items():
            if word in REFERENCE_WORDS:
                yield word
            yield from _reference_words(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from _reference_words(one)

"""What events may hold: values made from the published schemas of types and contexts."""

from functools import cache
from typing import Any

import yaml

from tests.contracts.contract import FOLDER
from tests.dialects.contacthub.people import Json

TEXT_BY_FORMAT = {
    "uri": "https://shop.example/a?b=c#d",
    "url": "https://shop.example/",
    "date-time": "2026-02-03T04:05:06.789+0000",
    "email": "ada@shop.example",
    "ipv4": "192.0.2.7",
}
NUMBERS = ("number", "integer")


@cache
def document() -> Any:
    text = (FOLDER / "contacthub-events.yaml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


EVENT_TYPES = sorted(document()["events"])
CONTEXTS = sorted(document()["contexts"])


def resolved(schema: Json) -> Json:
    while "$ref" in schema:
        schema = document()["definitions"][schema["$ref"].rpartition("/")[2]]
    return schema


def kind_of(schema: Json) -> str:
    """The one type of a schema that is not null."""
    kinds = schema.get("type", "object")
    return kinds if isinstance(kinds, str) else next(one for one in kinds if one != "null")


def full_value(schema: Json) -> Json:
    """Build a value with everything in it that a schema names."""
    schema = resolved(schema)
    if "oneOf" in schema:
        return full_value(schema["oneOf"][-1])
    if "enum" in schema:
        return schema["enum"][0]
    kind = kind_of(schema)
    if kind == "object":
        return {name: full_value(one) for name, one in schema.get("properties", {}).items()}
    if kind == "array":
        return [full_value(schema.get("items", {"type": "string"}))]
    if kind in NUMBERS:
        return schema.get("minimum", 3)
    return True if kind == "boolean" else TEXT_BY_FORMAT.get(schema.get("format", ""), "text")


def properties_schema(event_type: str) -> Json:
    return document()["events"][event_type]["propertiesSchema"]


def context_schema(context: str) -> Json:
    return document()["contexts"][context]["contextInfoSchema"]

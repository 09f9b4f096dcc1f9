"""The types of events and contexts there are, and the schemas that their properties must meet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onefold.model.errors import FieldError
from onefold.model.properties import EVENT_OWNER, PRODUCT_OWNER, Definitions
from onefold.model.references import resolved, self_contained
from onefold.model.schemas import Schema

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventType:
    name: str
    mode: str
    retention_months: int | None
    schema: Schema


class EventCatalog:
    """Event types and contexts by name, compiled once.

    Built from a document with `events`, `contexts` and `definitions`, in which each $ref points
    to the definitions.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        definitions = document["definitions"]
        self.types: Mapping[str, EventType] = {
            name: EventType(
                name,
                entry["mode"],
                entry.get("retentionMonths"),
                Schema({**entry["propertiesSchema"], "definitions": definitions}),
            )
            for name, entry in document["events"].items()
        }
        self.contexts = {
            name: Schema({**entry["contextInfoSchema"], "definitions": definitions})
            for name, entry in document["contexts"].items()
        }

    def about_context(self, context: str) -> str:
        about: str = self._document["contexts"][context]["about"]
        return about

    def context_schema(self, context: str, *, whole: bool) -> dict[str, Any]:
        """What a context's own content must meet; `whole` has no references left in it."""
        return self._schema(self._document["contexts"][context]["contextInfoSchema"], whole=whole)

    def about_type(self, event_type: str) -> str:
        about: str = self._document["events"][event_type]["about"]
        return about

    def properties_schema(
        self, event_type: str, definitions: Definitions, *, whole: bool
    ) -> dict[str, Any]:
        """What the properties of an event must meet, the workspace's own ones included."""
        of_products = _nullable(definitions.schema(PRODUCT_OWNER))
        of_type = _nullable(definitions.schema(EVENT_OWNER + event_type))
        own = {"eventExtended": of_type, "productExtended": of_products}
        schema = self._document["events"][event_type]["propertiesSchema"]
        return self._schema(schema, whole=whole, own=own)

    def _schema(
        self, schema: Document, *, whole: bool, own: Document | None = None
    ) -> dict[str, Any]:
        document = {"definitions": {**self._document["definitions"], **(own or {})}}
        shown = resolved if whole else self_contained
        found: dict[str, Any] = shown(schema, document)
        return found

    def findings(
        self,
        event_type: str,
        context: str,
        *,
        properties: Document,
        context_info: Document | None,
        definitions: Definitions,
    ) -> tuple[FieldError, ...]:
        """Everything wrong with an event's content, by path (`properties.amount.total`)."""
        known = self.types.get(event_type)
        if known is None:
            return (FieldError("type", "is not a known event type"),)
        around = self.contexts.get(context)
        if around is None:
            return (FieldError("context", "is not a known context"),)
        found = known.schema.findings(properties, "properties")
        if context_info is not None:
            found += around.findings(context_info, "contextInfo")
        return found or tuple(_extended_findings(event_type, properties, definitions))


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": ["object", "null"]}


def _extended_findings(
    event_type: str, properties: Document, definitions: Definitions
) -> Iterator[FieldError]:
    """Custom parts: `extended` by the definitions of the type, those of products by theirs."""
    extended = properties.get("extended")
    if extended:
        owner = EVENT_OWNER + event_type
        yield from definitions.findings(owner, extended, "properties.extended")
    products = properties.get("products")
    for position, product in enumerate(products if isinstance(products, list) else ()):
        if isinstance(product, dict) and product.get("extended"):
            under = f"properties.products.{position}.extended"
            yield from definitions.findings(PRODUCT_OWNER, product["extended"], under)

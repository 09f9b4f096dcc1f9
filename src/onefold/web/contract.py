"""A dialect's contract: checks request bodies by it, and publishes it as OpenAPI."""

from collections.abc import Mapping
from typing import Any

from onefold.model.errors import FieldError
from onefold.model.schemas import Schema


class Contract:
    """One OpenAPI document; the schema of a body is compiled when it is first needed."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._bodies = {
            operation["operationId"]: _body_schema(operation)
            for path in document["paths"].values()
            for operation in path.values()
            if isinstance(operation, dict)
        }
        self._compiled: dict[str, Schema | None] = {}

    def findings(self, operation_id: str, body: object) -> tuple[FieldError, ...]:
        """Everything in which a body breaks the contract, by JSON Pointer."""
        if operation_id not in self._compiled:
            self._compiled[operation_id] = self._compile(operation_id)
        schema = self._compiled[operation_id]
        return schema.findings(body, pointers=True) if schema else ()

    def _compile(self, operation_id: str) -> Schema | None:
        schema = self._bodies.get(operation_id)
        if schema is None:
            return None
        return Schema({**schema, "components": self.document["components"]})


def _body_schema(operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    found: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
    return found

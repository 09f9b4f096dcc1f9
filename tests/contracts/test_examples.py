"""The vendor's own samples, and the examples inside the contract, fit the contract's schemas."""

from collections.abc import Iterator

import pytest

from tests.contracts.contract import DIALECTS, Json, Operation, document, operations, problems
from tests.contracts.samples import samples

# Samples of the vendor that its own text forbids. Nothing of ours may send or accept them.
CONTRADICTORY_SAMPLES = {
    "createEvent": "has both customerId and bringBackProperties; the text asks for exactly one",
}
SAMPLES_OF_JSON = 142
SAMPLES_OF_TEXT = {"createBulkJob"}


def json_schema_of(operation: Operation, status: str) -> Json:
    return operation.responses[status]["content"]["application/json"]["schema"]


CASES = [
    pytest.param(
        operation, samples(operation.dialect)[operation.operation_id], id=operation.operation_id
    )
    for dialect in DIALECTS
    for operation in operations(dialect)
    if operation.operation_id in samples(dialect)
]


def schemas_with_examples(node: Json, path: str = "") -> Iterator[tuple[str, Json, Json]]:
    """Find every schema that carries an example or a default, with each of these values."""
    if isinstance(node, list):
        node = dict(enumerate(node))
    if not isinstance(node, dict):
        return
    values = [node[word] for word in ("example", "default") if word in node and "type" in node]
    if isinstance(node.get("examples"), list):
        values += node["examples"]
    yield from ((path, node, value) for value in values)
    for name, child in node.items():
        yield from schemas_with_examples(child, f"{path}/{name}")


class TestSamples:
    @pytest.mark.parametrize(("operation", "sample"), CASES)
    def test_of_requests_are_valid(self, operation: Operation, sample: Json) -> None:
        request = sample.get("request")
        if request is None or operation.operation_id in SAMPLES_OF_TEXT:
            return
        found = problems(operation.dialect, operation.request, request)

        assert bool(found) == (operation.operation_id in CONTRADICTORY_SAMPLES), found

    @pytest.mark.parametrize(("operation", "sample"), CASES)
    def test_of_responses_are_valid(self, operation: Operation, sample: Json) -> None:
        for status, body in sample.get("responses", {}).items():
            schema = json_schema_of(operation, status)

            assert problems(operation.dialect, schema, body) == []

    def test_are_all_there(self) -> None:
        every = samples("contacthub")
        bodies = [body for one in every.values() for body in one.get("responses", {}).values()]
        requests = [
            one["request"]
            for name, one in every.items()
            if "request" in one and name not in SAMPLES_OF_TEXT
        ]

        assert len(bodies) + len(requests) == SAMPLES_OF_JSON
        assert every.keys() <= {one.operation_id for one in operations("contacthub")}


@pytest.mark.parametrize("dialect", DIALECTS)
class TestSchemas:
    def test_can_all_be_checked(self, dialect: str) -> None:
        """A schema with a broken $ref or pattern fails when its validator is built."""
        for operation in operations(dialect):
            contents = [one.get("content", {}) for one in operation.responses.values()]
            schemas = [body["schema"] for content in contents for body in content.values()]
            for schema in [*schemas, *filter(None, [operation.request])]:
                problems(dialect, schema, None)

    def test_allow_their_own_examples(self, dialect: str) -> None:
        examples = list(schemas_with_examples(document(dialect)["components"]))
        found = [
            f"{path}: {value!r} {one}"
            for path, schema, value in examples
            for one in problems(dialect, schema, value)
        ]

        assert examples
        assert not found, "\n".join(found)

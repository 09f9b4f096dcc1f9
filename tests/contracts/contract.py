"""The vendors' contracts as tests read them: operations, behaviours, and what an answer must be."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

FOLDER = Path(__file__).parents[2] / "contracts"

METHODS = frozenset({"get", "put", "post", "patch", "delete"})
PROBLEMS_SHOWN_MAX = 5
BODY_CHARACTERS_SHOWN_MAX = 600

Json = Any
"""A JSON value as Python reads it."""


@dataclass(frozen=True)
class Dialect:
    """Where we serve a contract, and the shape of a refusal that belongs to no operation."""

    name: str
    mount: str
    error_schema: str
    date_time: re.Pattern[str]
    """How answers write a date-time; requests may come in other forms."""


DIALECTS = {
    "contacthub": Dialect(
        name="contacthub",
        mount="/contacthub/hub/v1",
        error_schema="ApiError",
        # 2017-03-09T11:31:31.842+0000, the one form that every published client can parse.
        date_time=re.compile(r"\d{4}-\d\d-\d\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}[+-]\d{4}"),
    )
}

# Formats of what a caller wrote and gets back as written. Whether to refuse a doubtful one when
# it comes in is a rule of the model; an answer that repeats it is right. The formats that we make
# ourselves (date-time, date, uuid) are checked.
FORMATS_OF_CALLERS = ("uri", "email", "ipv4")


@dataclass(frozen=True)
class Operation:
    dialect: str
    operation_id: str
    method: str
    path: str
    """The template as the contract writes it, with {names}."""
    responses: Mapping[str, Json]
    request: Json
    """The schema of a JSON request body, None where there is none."""
    behaviours: tuple[str, ...]

    @property
    def behaviour_ids(self) -> dict[str, str]:
        """Id -> statement; the index counts from 1."""
        return {
            f"{self.dialect}/{self.operation_id}/{index}": statement
            for index, statement in enumerate(self.behaviours, start=1)
        }

    def matches(self, path: str) -> bool:
        parts, given = self.path.split("/"), path.split("/")
        return len(parts) == len(given) and all(
            one == other or (one.startswith("{") and other != "")
            for one, other in zip(parts, given, strict=True)
        )

    @property
    def fixed_parts(self) -> int:
        return sum(not part.startswith("{") for part in self.path.split("/"))


@cache
def document(dialect: str) -> Json:
    with (FOLDER / f"{dialect}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


def resolve(dialect: str, node: Json) -> Json:
    """Follow a $ref at the top of a node."""
    while isinstance(node, dict) and "$ref" in node:
        target = document(dialect)
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


@cache
def operations(dialect: str) -> tuple[Operation, ...]:
    return tuple(
        _operation(dialect, method, path, node)
        for path, item in document(dialect)["paths"].items()
        for method, node in item.items()
        if method in METHODS
    )


def _operation(dialect: str, method: str, path: str, node: Json) -> Operation:
    body = resolve(dialect, node.get("requestBody", {})).get("content", {})
    return Operation(
        dialect=dialect,
        operation_id=node["operationId"],
        method=method.upper(),
        path=path,
        responses={status: resolve(dialect, one) for status, one in node["responses"].items()},
        request=body.get("application/json", {}).get("schema"),
        behaviours=tuple(node.get("x-behaviour", ())),
    )


@cache
def statements(dialect: str) -> dict[str, str]:
    """Every x-behaviour statement by its id; those at the root of a contract: dialect/-/index."""
    root = enumerate(document(dialect).get("x-behaviour", ()), start=1)
    found = {f"{dialect}/-/{index}": statement for index, statement in root}
    for operation in operations(dialect):
        found |= operation.behaviour_ids
    return found


def dialect_of(path: str) -> str | None:
    """Whose mount a URL path lies under."""
    for dialect in DIALECTS.values():
        if path.startswith(f"{dialect.mount}/"):
            return dialect.name
    return None


def find_operation(dialect: str, method: str, path: str) -> Operation | None:
    """Find the operation of a URL path with its mount; fixed parts win over {names}."""
    inside = path.removeprefix(DIALECTS[dialect].mount)
    wanted = "GET" if method == "HEAD" else method
    found = [one for one in operations(dialect) if one.method == wanted and one.matches(inside)]
    return max(found, key=lambda one: one.fixed_parts, default=None)


@cache
def validator(dialect: str, schema: str, *, answers: bool) -> jsonschema_rs.Draft202012Validator:
    """Build the validator of a schema, given as JSON text because it is the key of the cache."""
    date_time = DIALECTS[dialect].date_time
    return jsonschema_rs.Draft202012Validator(
        {**json.loads(schema), "components": document(dialect)["components"]},
        validate_formats=answers,
        formats={
            "date-time": lambda text: date_time.fullmatch(text) is not None,
            **dict.fromkeys(FORMATS_OF_CALLERS, lambda _: True),
        },
    )


def problems(dialect: str, schema: Json, value: Json, *, answers: bool = False) -> list[str]:
    """Say where a value breaks a schema of the contract; formats are for our answers to keep."""
    checks = validator(dialect, json.dumps(schema), answers=answers)
    return [
        f"at /{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in checks.iter_errors(value)
    ]


def check_response(
    dialect: str, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Raise AssertionError when an answer is not one that the contract documents."""
    operation = find_operation(dialect, method, path)
    if operation is None:
        complaints = _unknown(dialect, status, headers, body)
        name = "no operation"
    else:
        complaints = _known(operation, method, status, headers, body)
        name = operation.operation_id
    if complaints:
        listed = "\n".join(f"- {one}" for one in complaints[:PROBLEMS_SHOWN_MAX])
        shown = body[:BODY_CHARACTERS_SHOWN_MAX].decode("utf-8", "replace")
        raise AssertionError(
            f"{dialect} {name}: {method} {path} answered {status} against the contract\n"
            f"{listed}\nbody: {shown}"
        )


def _unknown(dialect: str, status: int, headers: Mapping[str, str], body: bytes) -> list[str]:
    """Judge an answer at a path, or for a method, that the contract does not have."""
    if status not in {404, 405}:
        return ["the contract has no such operation: only 404 and 405 are possible"]
    schema = {"$ref": f"#/components/schemas/{DIALECTS[dialect].error_schema}"}
    return _json_problems(dialect, {"application/json": {"schema": schema}}, headers, body)


def _known(
    operation: Operation, method: str, status: int, headers: Mapping[str, str], body: bytes
) -> list[str]:
    response = operation.responses.get(str(status)) or operation.responses.get(f"{status // 100}XX")
    if response is None:
        return [f"the status is not documented: {', '.join(operation.responses)}"]
    content = response.get("content")
    if not content or method == "HEAD":
        return ["the body must be empty"] if body else []
    return _json_problems(operation.dialect, content, headers, body)


def _json_problems(
    dialect: str, content: Json, headers: Mapping[str, str], body: bytes
) -> list[str]:
    given = {name.lower(): value for name, value in headers.items()}.get("content-type", "")
    media = given.partition(";")[0].strip().lower()
    if media not in content:
        return [f"the content type {given!r} is not documented: {', '.join(content)}"]
    if media != "application/json":
        return []
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except ValueError as error:
        return [f"the body is no JSON: {error}"]
    return problems(dialect, content[media]["schema"], value, answers=True)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")

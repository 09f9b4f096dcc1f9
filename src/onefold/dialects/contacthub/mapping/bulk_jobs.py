"""Bulk jobs: dotted wire paths as the map of an import, jobs and results as the wire has them."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any
from uuid import UUID

from onefold.dialects.contacthub.mapping.changes import NETWORKS
from onefold.dialects.contacthub.mapping.parts import Wire
from onefold.dialects.contacthub.mapping.times import wire_time
from onefold.dialects.contacthub.shapes.paths import LISTS, SYSTEM, core_path
from onefold.model.errors import FieldError, Invalid
from onefold.model.ids import NIL
from onefold.model.imports.paths import ImportEntity, ImportOperation, type_of_path
from onefold.model.imports.verdicts import RowVerdict, Verdict, shortened, tally_of
from onefold.model.jobs import Job, JobState
from onefold.model.properties import Definition

Schema = Mapping[str, Any]

ENTITY_OF_WORD = {"CUSTOMER": ImportEntity.CUSTOMERS, "EVENT": ImportEntity.EVENTS}
OPERATION_OF_WORD = {one.name: one for one in ImportOperation}
STATES_OF_WORD: Mapping[str, tuple[tuple[JobState, ...], bool | None]] = {
    "LOADED": ((JobState.LOADED,), False),
    "SCHEDULED": ((JobState.LOADED,), True),
    "PROCESSING": ((JobState.RUNNING,), None),
    "STOPPED": ((JobState.REVERTING, JobState.REVERTED), None),
    "PROCESSED": ((JobState.DONE,), None),
    "FAILED": ((JobState.FAILED,), None),
}
"""Status -> states of the core, and whether a worker has had the job: one that waits to be gone on
with is SCHEDULED.
"""

RESULT_COLUMNS = ("row", "result", "id", "column", "message")
_RESULTS = {
    Verdict.CREATED: "CREATED",
    Verdict.MERGED: "UPDATED",
    Verdict.UNCHANGED: "UNCHANGED",
    Verdict.RECORDED: "CREATED",
    Verdict.DELETED: "DELETED",
    Verdict.REFUSED: "REFUSED",
}

_WORDS_OF_ENTITY = {core: word for word, core in ENTITY_OF_WORD.items()}
_NEVER = {"": "has no name", "base.credential.password": "cannot come in a file"}
_FORMS = {"base.contacts.email": {"type": "email"}, "base.pictureUrl": {"type": "uri"}}
"""As the contract asks of a body."""

_EVENT_COLUMNS = {
    "id": "id",
    "customerId": "customer.id",
    "externalId": "customer.external_id",
    "context": "context",
    "date": "occurred_at",
}
_OWNERS = ("customerId", "externalId")
_GROUPS = {"properties": "properties", "contextInfo": "context_info", "tracking": "tracking"}
_TYPE_WORDS = {"integer": "integer", "number": "number", "boolean": "boolean"}
_NAMES_A_COLUMN = re.compile(r"[A-Za-z][\w.-]{0,99}")


class _Columns:
    """Rules by column as they are found, and what is wrong with the others."""

    def __init__(self) -> None:
        self.rules: dict[str, Any] = {}
        self.errors: list[FieldError] = []

    def refuse(self, place: int, column: str, message: str) -> None:
        """A header that is none may be a row: what does not look like a name is not repeated."""
        named = column if _NAMES_A_COLUMN.fullmatch(column) else f"column {place}"
        self.errors.append(FieldError(named, message))

    def document(self, entity: ImportEntity, settings: Mapping[str, Any]) -> dict[str, Any]:
        if self.errors:
            raise Invalid("the columns cannot be used", fields=tuple(self.errors))
        rules = {"columns": self.rules, "set": dict(settings)}
        return {"format": "csv", "delimiter": ",", entity.value: rules}


def customer_map(
    columns: Sequence[str], operation: ImportOperation, custom: Mapping[str, Definition]
) -> dict[str, Any]:
    """The map of a file of customers with this header; raises Invalid naming every wrong column."""
    found = _Columns()
    for place, column in enumerate(columns, start=1):
        why = _customer_problem(column, operation, custom)
        if why is None:
            found.rules[column] = {"to": core_path(column), **_FORMS.get(column, {})}
        else:
            found.refuse(place, column, why)
    _refuse_repeated(columns, found)
    return found.document(ImportEntity.CUSTOMERS, {})


def event_map(
    columns: Sequence[str],
    operation: ImportOperation,
    event_type: str | None,
    schema_of: Callable[[str], Iterable[Schema]],
) -> dict[str, Any]:
    """The same of a file of events; `schema_of` gives what a group of properties may hold."""
    found = _Columns()
    for place, column in enumerate(columns, start=1):
        rule = _event_rule(column, schema_of)
        if rule is None:
            found.refuse(place, column, "is no property of such an event")
        else:
            found.rules[column] = rule
    _refuse_repeated(columns, found)
    if operation is ImportOperation.DELETE:
        found.errors += [] if "id" in columns else [FieldError("id", "is required")]
        return found.document(ImportEntity.EVENTS, {})
    found.errors += [
        FieldError(name, "is required") for name in ("context", "date") if name not in columns
    ]
    if not any(name in columns for name in _OWNERS):
        found.errors.append(FieldError(_OWNERS[0], "is required, or externalId"))
    return found.document(ImportEntity.EVENTS, {"type": event_type})


def _refuse_repeated(columns: Sequence[str], found: _Columns) -> None:
    for place, column in enumerate(columns, start=1):
        if column in columns[: place - 1]:
            found.refuse(place, column, "stands twice in the header")


def _customer_problem(
    column: str, operation: ImportOperation, custom: Mapping[str, Definition]
) -> str | None:
    """Why a column cannot be used; None when it can."""
    if column in _NEVER:
        return _NEVER[column]
    if column == "id":
        return "is given by the server" if operation is ImportOperation.INSERT else None
    if column in SYSTEM:
        return "is set by the server alone"
    if column in LISTS and LISTS[column][1]:
        return "is a list of objects, which no cell can hold"
    return None if _is_property(column, custom) else "is no property of a customer"


def _is_property(column: str, custom: Mapping[str, Definition]) -> bool:
    network = column.removeprefix("base.socialProfile.")
    if network != column:
        return network in NETWORKS
    core = core_path(column)
    return core is not None and type_of_path(ImportEntity.CUSTOMERS, core, custom) is not None


def _event_rule(column: str, schema_of: Callable[[str], Iterable[Schema]]) -> dict[str, Any] | None:
    if column in _EVENT_COLUMNS:
        return {"to": _EVENT_COLUMNS[column]}
    group, _, rest = column.partition(".")
    if group not in _GROUPS:
        return None
    if not rest:
        return {"to": _GROUPS[group]}
    for schema in schema_of(group):
        kind = _kind_at(schema, rest.split("."))
        if kind is not None:
            to = f"{_GROUPS[group]}.{rest}"
            return {"to": to, "type": kind} if kind else {"to": to}
    return None


def _kind_at(schema: Schema, names: Sequence[str]) -> str | None:
    """How a cell is read for a path in a schema, empty for as it is; None when there is no such."""
    for name in names:
        inner = schema.get("properties", {}).get(name)
        if inner is None:
            return None if schema.get("additionalProperties") is False or not name else ""
        schema = inner
    given = schema.get("type")
    kinds = [one for one in (given if isinstance(given, list) else [given]) if one != "null"]
    kind = kinds[0] if kinds else None
    if kind in ("object", "array"):
        return "json"
    return _TYPE_WORDS.get(str(kind), "")


def told(refusal: Invalid) -> str:
    """Why a file cannot be used, in one sentence."""
    fields = "; ".join(f"{one.path} {one.message}" for one in refusal.fields)
    return shortened(f"{refusal.message}: {fields}" if fields else refusal.message)


def wire_job(job: Job, workspace_id: UUID) -> Wire:
    said, tally = job.payload, tally_of(job.progress)
    word = ImportOperation(said["operation"]).name
    entity = _WORDS_OF_ENTITY[ImportEntity(said["entity"])]
    wire: Wire = {
        "id": str(job.id),
        "filename": said["file"],
        "operation": word,
        "workspaceId": str(workspace_id),
        "nodeId": str(job.node_id),
        "entity": entity,
        "bulkJobName": f"{word} {entity} {said['file']}",
        "status": _status(job),
        "createdAt": wire_time(job.created_at),
        "updatedAt": wire_time(job.updated_at),
        "processedEntities": tally.rows - tally.refused,
        "failedEntities": tally.refused,
        "totalEntities": said["rows"],
    }
    if said["event_type"]:
        wire["eventType"] = said["event_type"]
    if job.error:
        wire["errorMessage"] = job.error
    return wire


def _status(job: Job) -> str:
    begun = job.started_at is not None
    for word, (states, wanted) in STATES_OF_WORD.items():
        if job.state in states and wanted in (None, begun):
            return word
    raise ValueError(job.state)


def result_lines(verdicts: Iterable[RowVerdict]) -> bytes:
    """Results as lines of CSV."""
    text = StringIO()
    csv.writer(text).writerows(_result_cells(verdicts))
    return text.getvalue().encode()


def result_header() -> bytes:
    return ",".join(RESULT_COLUMNS).encode() + b"\r\n"


def _result_cells(verdicts: Iterable[RowVerdict]) -> Iterator[tuple[str, ...]]:
    for one in verdicts:
        entity = "" if one.entity_id == NIL else str(one.entity_id)
        column, reason = (one.problem.column, one.problem.reason) if one.problem else ("", "")
        yield (str(one.row), _RESULTS[one.verdict], entity, column, reason)

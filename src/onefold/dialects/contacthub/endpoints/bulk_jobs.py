"""Bulk jobs: leaving a file, seeing what becomes of it, and the result for each row."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from onefold.actions.imports.bulk import (
    BULK_KIND,
    BulkDraft,
    count_rows,
    create_bulk_job,
    order_bulk,
    read_bulk_job,
    require_bulk,
)
from onefold.actions.imports.files import open_rows
from onefold.actions.imports.results import stored_verdicts
from onefold.actions.jobs import list_jobs
from onefold.dialects.contacthub.endpoints.parameters import page, page_object, path_id
from onefold.dialects.contacthub.mapping.bulk_jobs import (
    ENTITY_OF_WORD,
    OPERATION_OF_WORD,
    STATES_OF_WORD,
    Schema,
    customer_map,
    event_map,
    result_header,
    result_lines,
    told,
    wire_job,
)
from onefold.model.access import Permission
from onefold.model.errors import Conflict, FieldError, Invalid
from onefold.model.filters import SEARCH_ELEMENTS_MAX
from onefold.model.ids import uuid7
from onefold.model.imports.maps import Reading
from onefold.model.imports.paths import ImportEntity, ImportOperation
from onefold.model.jobs import JobFilter, JobState
from onefold.model.properties import CUSTOMER_OWNER
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint
from onefold.web.uploads import Upload, receive_upload

READING = Reading(format="csv", delimiter=",")
FILE_NAME_LENGTH_MAX = 255
RESULTS_READY = frozenset({JobState.DONE, JobState.FAILED})
SORT = "createdAt"


async def create_job(call: Call) -> Answer:
    node_id = _node(call)
    async with call.services.uploads, receive_upload(call.receive, call.headers) as upload:
        draft = await _examined(call, _draft(call, node_id, upload), upload)
        job = await call.write(
            lambda tx: create_bulk_job(
                tx, call.actor, picture=call.picture, draft=draft, file=upload.file, at=call.at
            )
        )
    return json_answer(201, wire_job(job, call.actor.workspace_id))


async def get_job(call: Call) -> Answer:
    node_id, job_id = _node(call), path_id(call, "jobId", "job")
    job = await call.read(lambda tx: read_bulk_job(tx, call.actor, node_id=node_id, job_id=job_id))
    return json_answer(200, wire_job(job, call.actor.workspace_id))


async def list_jobs_of_node(call: Call) -> Answer:
    number, size = page(call)
    wanted = _filter(call, _node(call))
    found = await call.read(
        lambda tx: list_jobs(tx, call.actor, wanted=wanted, offset=number * size, limit=size)
    )
    elements = [wire_job(one, call.actor.workspace_id) for one in found.jobs]
    pages = page_object(number, size, found.total, most=SEARCH_ELEMENTS_MAX)
    return json_answer(200, {"elements": elements, "page": pages})


async def get_results(call: Call) -> Answer:
    node_id, job_id = _node(call), path_id(call, "jobId", "job")
    job = await call.read(lambda tx: read_bulk_job(tx, call.actor, node_id=node_id, job_id=job_id))
    if job.state not in RESULTS_READY:
        raise Conflict("the job has not come to its end yet")
    return Answer(200, content_type=b"text/csv; charset=utf-8", pieces=_results(call, job_id))


async def _results(call: Call, job_id: UUID) -> AsyncIterator[bytes]:
    yield result_header()
    async for verdicts in stored_verdicts(call.services.context, call.actor, job_id=job_id):
        yield result_lines(verdicts)


def _node(call: Call) -> UUID:
    """The entry node in the path; its jobs are for those who may reach it."""
    call.actor.require(Permission.IMPORT)
    node = call.picture.workspace.entry_node(path_id(call, "nodeId", "node"))
    call.actor.require_node(node.id)
    return node.id


def _draft(call: Call, node_id: UUID, upload: Upload) -> BulkDraft:
    """What the form asks for; raises Invalid naming the field that is wrong."""
    operation = OPERATION_OF_WORD[_word(upload, "operation", OPERATION_OF_WORD)]
    entity = ENTITY_OF_WORD[_word(upload, "entity", ENTITY_OF_WORD, usual="CUSTOMER")]
    event_type = _event_type(call, upload, entity, operation)
    require_bulk(call.actor, call.picture, node_id, entity, operation)
    return BulkDraft(
        id=uuid7(call.at),
        node_id=node_id,
        entity=entity,
        operation=operation,
        map_document={},
        file_name=_file_name(upload.name),
        event_type=event_type,
    )


def _event_type(
    call: Call, upload: Upload, entity: ImportEntity, operation: ImportOperation
) -> str | None:
    if entity is ImportEntity.CUSTOMERS:
        return None
    types = call.services.context.catalog.types
    if operation is ImportOperation.DELETE and not upload.fields.get("eventType"):
        return None
    return _word(upload, "eventType", types)


def _word(
    upload: Upload, name: str, known: Mapping[str, object], *, usual: str | None = None
) -> str:
    word = upload.fields.get(name) or usual
    if word is None:
        raise _wrong(name, "is required")
    if word not in known:
        raise _wrong(name, "is not one of the allowed values")
    return word


def _wrong(name: str, message: str) -> Invalid:
    return Invalid("the form is not valid", fields=(FieldError(f"/{name}", message),))


def _file_name(given: str) -> str:
    """The name without the folders that some clients send along, fit to be shown."""
    name = given.replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in name if one.isprintable())[:FILE_NAME_LENGTH_MAX]


async def _examined(call: Call, draft: BulkDraft, upload: Upload) -> BulkDraft:
    """The draft with its map and its rows counted, or with what is wrong with the file."""
    try:
        columns = open_rows(upload.file, READING).columns or ()
        ready = replace(draft, map_document=_map(call, draft, columns))
        _, reader = order_bulk(call.picture, ready, upload.file)
    except Invalid as refusal:
        return replace(draft, error=told(refusal))
    # Other requests are answered meanwhile; a large file takes seconds.
    return replace(ready, rows=await asyncio.to_thread(count_rows, reader))


def _map(call: Call, draft: BulkDraft, columns: Sequence[str]) -> Mapping[str, object]:
    definitions = call.picture.definitions
    if draft.entity is ImportEntity.CUSTOMERS:
        return customer_map(columns, draft.operation, definitions.of_owner(CUSTOMER_OWNER))
    catalog = call.services.context.catalog

    def schema_of(group: str) -> Sequence[Schema]:
        if group == "properties":
            types = [draft.event_type] if draft.event_type else list(catalog.types)
            return [catalog.properties_schema(one, definitions, whole=True) for one in types]
        if group == "contextInfo":
            return [catalog.context_schema(one, whole=True) for one in catalog.contexts]
        return [{}]

    return event_map(columns, draft.operation, draft.event_type, schema_of)


def _filter(call: Call, node_id: UUID) -> JobFilter:
    status, entity = call.query.get("status") or None, call.query.get("entity") or None
    for name, word, known in (
        ("status", status, STATES_OF_WORD),
        ("entity", entity, ENTITY_OF_WORD),
    ):
        if word is not None and word not in known:
            found = FieldError(f"/{name}", "is not one of the allowed values")
            raise Invalid(f"{name} is not valid", fields=(found,))
    states, begun = STATES_OF_WORD[status] if status else ((), None)
    return JobFilter(
        BULK_KIND,
        node_id,
        states,
        begun,
        ENTITY_OF_WORD[entity].value if entity else None,
        _oldest_first(call.query.get("sort")),
    )


def _oldest_first(text: str | None) -> bool:
    """Newest first unless the caller says otherwise; `createdAt`, `createdAt,asc` or `,desc`."""
    if not text:
        return False
    name, _, direction = text.partition(",")
    word = direction.strip().lower()
    if name.strip() != SORT or word not in ("", "asc", "desc"):
        found = FieldError("/sort", f"must be {SORT}, followed by asc or desc")
        raise Invalid("sort is not valid", fields=(found,))
    return word != "desc"


ENDPOINTS: Mapping[str, Endpoint] = {
    "createBulkJob": create_job,
    "getBulkJob": get_job,
    "getBulkJobResults": get_results,
    "listBulkJobs": list_jobs_of_node,
}

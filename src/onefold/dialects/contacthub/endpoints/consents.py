"""The consent log: one entry, and the list with its filters."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from onefold.actions.consents import ConsentPage, find_customers, find_line, list_lines
from onefold.actions.transaction import Transaction
from onefold.dialects.contacthub.endpoints.parameters import (
    DIGITS_MAX,
    PAGE_SIZE_MAX,
    query_number,
)
from onefold.dialects.contacthub.mapping.consent_logs import (
    event_of,
    path_of,
    sort_of,
    unique_values,
    wire_line,
)
from onefold.dialects.contacthub.mapping.times import read_day
from onefold.model.consents import ConsentFilter
from onefold.model.errors import FieldError, Invalid, NotFound
from onefold.model.rollups import start_of_day
from onefold.web.answers import Answer, json_answer
from onefold.web.bodies import decode_json
from onefold.web.endpoint import Call, Endpoint

_NUMBER_MAX = 2**63 - 1
_DAY = timedelta(days=1)


async def get_consent_log(call: Call) -> Answer:
    text = call.path["id"]
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX
    if not is_number or int(text) > _NUMBER_MAX:
        raise NotFound("consent log entry not found")
    line = await call.read(lambda tx: find_line(tx, call.actor, number=int(text)))
    return json_answer(200, wire_line(line))


async def list_consent_logs(call: Call) -> Answer:
    number = query_number(call, "page", default=0) or 0
    size = query_number(call, "size", default=PAGE_SIZE_MAX, most=PAGE_SIZE_MAX)
    size = PAGE_SIZE_MAX if size is None else size
    wanted, sort = _filter(call), sort_of(call.query.get("sort"))
    values = _unique_values(call.query.get("uniqueKey"))

    async def load(tx: Transaction) -> ConsentPage:
        customers = wanted.customer_ids
        if values is not None:
            found = await find_customers(tx, call.actor, picture=call.picture, values=values)
            customers = found if customers is None else customers & found
        return await list_lines(
            tx,
            call.actor,
            wanted=replace(wanted, customer_ids=customers),
            sort=sort,
            offset=number * size,
            limit=size,
        )

    shown = await call.read(load)
    page = {
        "size": size,
        "totalElements": shown.total,
        "totalUnfilteredElements": 0,
        "totalPages": -(-shown.total // size) if size else 0,
        "number": number,
    }
    elements = [wire_line(line) for line in shown.lines]
    return json_answer(200, {"elements": elements, "page": page})


def _filter(call: Call) -> ConsentFilter:
    first, last = _day(call, "startDate"), _day(call, "endDate")
    if first is not None and last is not None and first > last:
        found = FieldError("/startDate", "is after the end")
        raise Invalid("startDate is after endDate", fields=(found,))
    return ConsentFilter(
        customer_ids=_customers(call.query.get("customerId")),
        node_ids=_nodes(call),
        since=None if first is None else _begin(call, first),
        until=None if last is None or last == date.max else _begin(call, last + _DAY),
        event=event_of(call.query.get("type")),
        path=path_of(call.query.get("property")),
    )


def _day(call: Call, name: str) -> date | None:
    return read_day(call.query.get(name) or None, f"/{name}")


def _begin(call: Call, day: date) -> datetime:
    return start_of_day(day, call.picture.workspace.zone())


def _customers(text: str | None) -> frozenset[UUID] | None:
    """Nobody has an id that is none."""
    if not text:
        return None
    try:
        return frozenset({UUID(text)})
    except ValueError:
        return frozenset()


def _nodes(call: Call) -> frozenset[UUID] | None:
    """Nodes separated by commas; each must be there and within reach."""
    texts = [one.strip() for one in (call.query.get("nodes") or "").split(",") if one.strip()]
    if not texts:
        return None
    try:
        found = frozenset(map(UUID, texts))
    except ValueError as error:
        field = FieldError("/nodes", "is not a list of node ids")
        raise Invalid("nodes is not valid", fields=(field,)) from error
    for node_id in found:
        call.actor.require_node(_known(call, node_id))
    return found


def _known(call: Call, node_id: UUID) -> UUID:
    if node_id not in call.picture.workspace.nodes:
        field = FieldError("/nodes", f"there is no node {node_id}")
        raise Invalid("nodes is not valid", fields=(field,))
    return node_id


def _unique_values(text: str | None) -> Mapping[str, object] | None:
    if not text:
        return None
    try:
        return unique_values(decode_json(text.encode()))
    except Invalid as error:
        found = FieldError("/uniqueKey", error.fields[0].message if error.fields else "no JSON")
        raise Invalid("uniqueKey is not valid", fields=(found,)) from error


ENDPOINTS: Mapping[str, Endpoint] = {
    "getConsentLog": get_consent_log,
    "listConsentLogs": list_consent_logs,
}

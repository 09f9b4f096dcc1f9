"""Figures of a workspace, a node and a customer."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from onefold.actions.analytics import (
    NodeFigure,
    count_customers,
    count_nodes,
    count_types,
    count_workspace,
    read_customer_events,
    read_customer_purchases,
    read_customer_trend,
    read_event_distribution,
    read_event_trend,
    read_purchases,
)
from onefold.actions.analytics import read_registrations as read_by_registration
from onefold.actions.transaction import Transaction
from onefold.dialects.contacthub.endpoints.parameters import (
    customer_id,
    page_object,
    query_node,
)
from onefold.dialects.contacthub.mapping.stats import (
    ALL,
    DEEDS,
    ECOMMERCE,
    INTERVALS,
    SCOPES,
    SHOP_INDICATORS,
    WEB_INDICATORS,
    Wire,
    wire_behaviours,
    wire_categories,
    wire_channels,
    wire_contexts,
    wire_period,
    wire_population,
    wire_purchases,
    wire_series,
    wire_shop,
    wire_types,
    wire_web,
)
from onefold.dialects.contacthub.mapping.times import read_time
from onefold.model.analytics import Deed, Interval, Period, months_before
from onefold.model.errors import FieldError, Invalid
from onefold.model.workspaces import NodeKind
from onefold.web.answers import Answer, json_answer
from onefold.web.endpoint import Call, Endpoint

MONTH, YEAR = 1, 12
MONTHS_MAX_OF_INTERVAL: Mapping[Interval, int] = {
    Interval.DAY: YEAR,
    Interval.WEEK: 5 * YEAR,
    Interval.MONTH: 10 * YEAR,
}
"""The longest period of each interval; a longer one is answered from a later start."""

PLAN, SEND = "CONTACTPLAN", "CONTACTSEND"
Word = TypeVar("Word")


async def get_events_category_distribution(call: Call) -> Answer:
    wanted = customer_id(call)
    word, interval = _choice(call, "mode", INTERVALS, "DAILY")
    period = _period(call, usual=YEAR, longest=MONTHS_MAX_OF_INTERVAL[interval])
    found = await call.read(
        lambda tx: read_customer_events(
            tx,
            call.actor,
            picture=call.picture,
            customer_id=wanted,
            period=period,
            interval=interval,
        )
    )
    parameters = {**wire_period(period), "mode": word}
    return json_answer(200, {"parameters": parameters, "data": wire_categories(found)})


async def get_buying_behaviors(call: Call) -> Answer:
    wanted = customer_id(call)
    period = _period(call, usual=YEAR)
    found = await call.read(
        lambda tx: read_customer_purchases(
            tx, call.actor, picture=call.picture, customer_id=wanted, period=period
        )
    )
    return json_answer(200, {"parameters": wire_period(period), "data": wire_behaviours(found)})


async def get_workspace_snapshot(call: Call) -> Answer:
    customers = await call.read(lambda tx: count_workspace(tx, call.actor, picture=call.picture))
    workspace = call.picture.workspace
    return json_answer(
        200,
        {
            "id": str(workspace.id),
            "name": workspace.name,
            "status": workspace.status.value,
            "customers": customers,
        },
    )


async def get_nodes_snapshot(call: Call) -> Answer:
    found = await call.read(lambda tx: count_nodes(tx, call.actor, picture=call.picture))
    page = page_object(0, len(found), len(found), most=len(found))
    return json_answer(200, {"elements": [_wire_node(one) for one in found], "page": page})


async def get_customers_snapshot(call: Call) -> Answer:
    node_id = query_node(call)
    found = await call.read(
        lambda tx: count_customers(tx, call.actor, picture=call.picture, node_id=node_id)
    )
    return json_answer(200, {"parameters": _node(node_id), "data": wire_population(found)})


async def get_communication_channels(call: Call) -> Answer:
    node_id = query_node(call)
    found = await call.read(
        lambda tx: count_customers(tx, call.actor, picture=call.picture, node_id=node_id)
    )
    return json_answer(200, {"parameters": _node(node_id), "data": wire_channels(found)})


async def get_added_customers(call: Call) -> Answer:
    node_id = query_node(call)
    word, interval = _choice(call, "mode", INTERVALS, "MONTHLY")
    period = _period(call, usual=YEAR, longest=MONTHS_MAX_OF_INTERVAL[interval])
    points = await call.read(
        lambda tx: read_by_registration(
            tx,
            call.actor,
            picture=call.picture,
            period=period,
            interval=interval,
            node_id=node_id,
        )
    )
    parameters = {**wire_period(period), "mode": word, **_node(node_id)}
    data = [wire_series(points, "addedCustomers")]
    return json_answer(200, {"parameters": parameters, "data": data})


async def get_customers_trend(call: Call) -> Answer:
    node_id = query_node(call)
    word, deed = _choice(call, "type", DEEDS, "ADDED")
    period = _trend_period(call, deed)
    points = await call.read(
        lambda tx: read_customer_trend(
            tx, call.actor, picture=call.picture, period=period, deed=deed, node_id=node_id
        )
    )
    parameters = {**wire_period(period), "type": word, **_node(node_id)}
    data = [wire_series(points, "customers")]
    return json_answer(200, {"parameters": parameters, "data": data})


async def get_events_trend(call: Call) -> Answer:
    node_id = query_node(call)
    word, deed = _choice(call, "type", DEEDS, "ADDED")
    period = _trend_period(call, deed)
    found = await call.read(
        lambda tx: read_event_trend(
            tx, call.actor, picture=call.picture, period=period, deed=deed, node_id=node_id
        )
    )
    parameters = {**wire_period(period), "type": word, **_node(node_id)}
    return json_answer(200, {"parameters": parameters, "data": wire_types(found)})


async def get_events_distribution(call: Call) -> Answer:
    node_id = query_node(call)
    context = _context(call)
    period = _period(call, usual=MONTH, longest=YEAR)
    found = await call.read(
        lambda tx: read_event_distribution(
            tx,
            call.actor,
            picture=call.picture,
            period=period,
            context=_unless_all(context),
            node_id=node_id,
        )
    )
    parameters = {**wire_period(period), "context": context, **_node(node_id)}
    return json_answer(200, {"parameters": parameters, "data": wire_contexts(found)})


async def get_purchases_kpi(call: Call) -> Answer:
    node_id = query_node(call)
    scope = _word(call, "type", SCOPES, ALL)
    period = _period(call, usual=MONTH)
    found = await call.read(
        lambda tx: read_purchases(
            tx,
            call.actor,
            picture=call.picture,
            period=period,
            context=_unless_all(scope),
            node_id=node_id,
        )
    )
    parameters = {**wire_period(period), "type": scope, **_node(node_id)}
    return json_answer(200, {"parameters": parameters, "data": wire_purchases(found)})


async def get_ecommerce_kpi(call: Call) -> Answer:
    node_id = query_node(call)
    period = _period(call, usual=MONTH)

    async def load(tx: Transaction) -> list[Wire]:
        purchases = await read_purchases(
            tx,
            call.actor,
            picture=call.picture,
            period=period,
            context=ECOMMERCE,
            node_id=node_id,
        )
        counts = await count_types(
            tx,
            call.actor,
            picture=call.picture,
            period=period,
            types=list(SHOP_INDICATORS.values()),
            node_id=node_id,
            context=ECOMMERCE,
        )
        return wire_shop(purchases, counts)

    data = await call.read(load)
    return json_answer(200, {"parameters": wire_period(period), "data": data})


async def get_web_kpi(call: Call) -> Answer:
    node_id = query_node(call)
    period = _period(call, usual=MONTH)
    counts = await call.read(
        lambda tx: count_types(
            tx,
            call.actor,
            picture=call.picture,
            period=period,
            types=list(WEB_INDICATORS.values()),
            node_id=node_id,
        )
    )
    parameters = {**wire_period(period), **_node(node_id)}
    return json_answer(200, {"parameters": parameters, "data": wire_web(counts)})


def _period(call: Call, *, usual: int, longest: int | None = None) -> Period:
    """What the caller asks for, in months of calendar; the start moves up when it is too long."""
    end = _moment(call, "end") or call.at
    start = _moment(call, "start") or months_before(end, usual)
    if start > end:
        found = FieldError("/start", "is after the end")
        raise Invalid("start is after end", fields=(found,))
    if longest is not None:
        start = max(start, months_before(end, longest))
    return Period(start, end)


def _trend_period(call: Call, deed: Deed) -> Period:
    return _period(call, usual=MONTH, longest=MONTH if deed is Deed.REMOVED else YEAR)


def _moment(call: Call, name: str) -> datetime | None:
    """A plus sign that a client left bare in a query string arrives as a blank."""
    text = call.query.get(name) or None
    return read_time(text.replace(" ", "+") if text else None, f"/{name}")


def _choice(call: Call, name: str, meanings: Mapping[str, Word], usual: str) -> tuple[str, Word]:
    word = _word(call, name, meanings, usual)
    return word, meanings[word]


def _context(call: Call) -> str:
    return _word(call, "context", {*call.services.context.catalog.contexts, ALL}, ALL)


def _word(call: Call, name: str, known: Collection[str], usual: str) -> str:
    word = call.query.get(name) or usual
    if word not in known:
        found = FieldError(f"/{name}", "is not one of the allowed values")
        raise Invalid(f"{name} is not valid", fields=(found,))
    return word


def _unless_all(word: str) -> str | None:
    return None if word == ALL else word


def _node(node_id: UUID | None) -> Wire:
    return {} if node_id is None else {"nodeId": str(node_id)}


def _wire_node(figure: NodeFigure) -> Wire:
    wire: Wire = {
        "id": str(figure.node.id),
        "name": figure.node.name,
        "type": "ENTRY" if figure.node.kind is NodeKind.ENTRY else "AGGREGATE",
        "customers": figure.customers,
        "plan": any(one.provider == PLAN for one in figure.sources),
    }
    for source in figure.sources:
        if source.provider == SEND:
            wire["send"] = _wire_send(source.properties)
    return wire


def _wire_send(properties: Mapping[str, object]) -> Wire:
    """Two names of the same thing: a source writes userdbId, this figure userDbId."""
    numbers = {"groupPk": properties.get("groupPk"), "userDbId": properties.get("userdbId")}
    return {name: number for name, number in numbers.items() if isinstance(number, int)}


ENDPOINTS: Mapping[str, Endpoint] = {
    "getEventsCategoryDistribution": get_events_category_distribution,
    "getBuyingBehaviors": get_buying_behaviors,
    "getWorkspaceSnapshot": get_workspace_snapshot,
    "getNodesSnapshot": get_nodes_snapshot,
    "getCustomersSnapshot": get_customers_snapshot,
    "getAddedCustomers": get_added_customers,
    "getCommunicationChannels": get_communication_channels,
    "getCustomersTrend": get_customers_trend,
    "getEventsTrend": get_events_trend,
    "getEventsDistribution": get_events_distribution,
    "getPurchasesKpi": get_purchases_kpi,
    "getEcommerceKpi": get_ecommerce_kpi,
    "getWebKpi": get_web_kpi,
}

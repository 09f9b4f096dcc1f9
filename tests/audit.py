"""What must hold in the tables whatever was written, read straight from them."""

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from onefold.actions.identifiers import identifiers_of
from onefold.actions.transaction import Transaction
from onefold.model.consents import Chain, is_intact
from onefold.model.customers import Customer
from onefold.model.documents import Document, document_of
from onefold.model.history import applied
from onefold.model.identifiers import IdentifierKind
from onefold.model.ids import NIL
from onefold.model.matching import missing_properties, unique_key
from onefold.model.sessions import session_key
from onefold.model.updates import UpdateFilter
from onefold.model.workspaces import NodeKind
from onefold.store import consents, customers, history, identifiers, updates
from tests.audit_persons import check_persons
from tests.builders import Shop

MANY = 100_000


async def audit(shop: Shop) -> list[Customer]:
    """Raises AssertionError when anything contradicts anything; the customers by number."""
    found = sorted(await all_customers(shop), key=lambda one: one.number)
    nodes = (await shop.picture()).workspace.nodes
    entries = [one for one in found if nodes[one.node_id].kind is NodeKind.ENTRY]
    async with shop.context.database.reading() as tx:
        await _check_identifiers(tx, shop, found)
        await _check_history(tx, shop, entries)
        await _check_consents(tx, shop, entries)
        await check_persons(tx, shop, entries)
        await _check_events(tx, shop)
        await _check_counters(tx, shop)
        await _check_stream(tx, shop)
    numbers = [one.number for one in found]
    assert len(numbers) == len(set(numbers))
    assert all(number > 0 for number in numbers)
    return found


async def all_customers(shop: Shop) -> list[Customer]:
    picture = await shop.picture()
    found: list[Customer] = []
    async with shop.context.database.reading() as tx:
        for node_id in picture.workspace.nodes:
            found += await customers.list_customers(
                tx, shop.workspace_id, node_id=node_id, after=NIL, limit=MANY
            )
    return found


async def stored_identifiers(shop: Shop) -> set[tuple[str, str, UUID, UUID]]:
    """Kind, value, holder (nil for a claim) and customer of every row."""
    rows = await shop.context.database.pool.fetch(
        "SELECT kind, value, holder, customer_id FROM identifiers WHERE workspace_id = $1",
        shop.workspace_id,
    )
    return {(row[0], row[1], row[2], row[3]) for row in rows}


async def traces(pool: asyncpg.Pool, text: str) -> set[str]:
    """Tables of which some row holds the text, whatever the column."""
    tables = await pool.fetch(
        "SELECT c.oid::regclass::text FROM pg_class c"
        " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    )
    found = set()
    for (table,) in tables:
        query = f"SELECT EXISTS (SELECT 1 FROM {table} AS t WHERE strpos(t::text, $1) > 0)"
        if await pool.fetchval(query, text):
            found.add(table.partition("_20")[0].removesuffix("_default"))
    if await pool.fetchval(_IN_UPLOADS, text):
        found.add("uploads")
    return found


_IN_UPLOADS = (
    "SELECT EXISTS (SELECT 1 FROM uploads WHERE position(convert_to($1, 'UTF8') IN content) > 0)"
)
"""Bytes are written out as digits, in which no text can be found."""


async def counted(shop: Shop, customer_id: UUID) -> list[tuple[str, str, int, Decimal]]:
    """Type, currency, events and amount: what the counters say that the customer did."""
    rows = await shop.context.database.pool.fetch(_STORED_BY_CUSTOMER, shop.workspace_id)
    return [tuple(row)[1:] for row in rows if row[0] == customer_id]


async def _check_identifiers(tx: Transaction, shop: Shop, found: list[Customer]) -> None:
    """Every row follows from a profile or a session, and the other way round."""
    picture = await shop.picture()
    region = picture.workspace.settings.region
    expected = set()
    for one in found:
        node = picture.workspace.node(one.node_id)
        expected |= {
            (kind, value, one.id, one.id)
            for kind, value, _, _ in identifiers_of(tx, one, region=region)
        }
        if not any(missing_properties(node, one.profile)):
            key = unique_key(node, one.profile)
            if key is not None:
                expected.add((IdentifierKind.UNIQUE.value, key, NIL, one.id))
    rows = await tx.connection.fetch(
        "SELECT customer_id, node_id, value FROM sessions WHERE workspace_id = $1",
        shop.workspace_id,
    )
    for customer_id, node_id, value in rows:
        expected.add(("session", session_key(node_id, value), NIL, customer_id))
    stored = await stored_identifiers(shop)
    assert {one for one in stored if one[3] != NIL} == expected
    assert await identifiers.count_orphans(tx, shop.workspace_id) == 0


async def _check_history(tx: Transaction, shop: Shop, found: list[Customer]) -> None:
    """Replayed, it gives the record, version by version."""
    for one in found:
        entries = await history.list_history(
            tx, shop.workspace_id, customer_id=one.id, after=0, limit=MANY
        )
        document: Document = {}
        for entry in entries:
            document = applied(document, entry.changes)
        assert [entry.version for entry in entries] == list(range(1, one.version + 1))
        assert _opened(tx, document) == document_of(one.profile)


def _opened(tx: Transaction, document: Document) -> Document:
    if "national_id" not in document:
        return document
    return {**document, "national_id": tx.sealer.open(document["national_id"])}


async def _check_consents(tx: Transaction, shop: Shop, found: list[Customer]) -> None:
    """The log is chained to its end, and its decisions add up to the present ones."""
    for one in found:
        lines = await consents.list_consent_log(tx, shop.workspace_id, customer_id=one.id)
        assert is_intact(lines, Chain(one.id, one.consent_entries, one.consent_head))
        decided: dict[str, dict[str, Any]] = defaultdict(dict)
        for line in lines:
            if line.decision is not None:
                decided[line.decision.purpose][line.decision.aspect] = line.decision.after
        given = {
            name: {aspect: value for aspect, value in aspects.items() if value is not None}
            for name, aspects in decided.items()
        }
        stored = document_of(one.profile).get("consents", {}).get("purposes", {})
        assert {name: aspects for name, aspects in given.items() if aspects} == stored


async def _check_events(tx: Transaction, shop: Shop) -> None:
    """Each is somebody's who is there, or nobody's; no tied session has left one behind."""
    for query in (_OF_THE_DELETED, _LEFT_BEHIND, _STORED_TWICE):
        assert await tx.connection.fetch(query, shop.workspace_id) == []


_OF_THE_DELETED = """
SELECT event_id
  FROM events
 WHERE workspace_id = $1 AND customer_id <> '00000000-0000-0000-0000-000000000000'
   AND NOT EXISTS (SELECT 1 FROM customers AS c
                    WHERE c.workspace_id = $1 AND c.customer_id = events.customer_id
                      AND c.node_id = events.node_id AND c.deleted_at IS NULL)
"""
_LEFT_BEHIND = """
SELECT event_id
  FROM events
  JOIN sessions AS s
    ON s.workspace_id = $1 AND s.node_id = events.node_id AND s.value = events.bring_back
 WHERE events.workspace_id = $1 AND bring_back_by = 'SESSION_ID'
   AND events.customer_id = '00000000-0000-0000-0000-000000000000'
"""
_STORED_TWICE = """
SELECT event_id FROM events WHERE workspace_id = $1 GROUP BY event_id HAVING count(*) > 1
"""


async def _check_counters(tx: Transaction, shop: Shop) -> None:
    """The counters are what the database gives when it counts the events again."""
    zone = (await shop.picture()).workspace.settings.timezone
    for stored, counted in (
        (_STORED_BY_DAY, _COUNTED_BY_DAY),
        (_STORED_BY_CUSTOMER, _COUNTED_BY_CUSTOMER),
    ):
        rows = await tx.connection.fetch(stored, shop.workspace_id)
        again = await tx.connection.fetch(counted, shop.workspace_id, zone)
        assert [tuple(row) for row in rows] == [tuple(row) for row in again]


_STORED_BY_DAY = """
SELECT day, node_id, type, context, currency, sum(events), sum(amount)
  FROM event_rollups
 WHERE workspace_id = $1
 GROUP BY 1, 2, 3, 4, 5
HAVING sum(events) <> 0 OR sum(amount) <> 0
 ORDER BY 1, 2, 3, 4, 5
"""
_STORED_BY_CUSTOMER = """
SELECT customer_id, type, currency, sum(events), sum(amount)
  FROM customer_rollups
 WHERE workspace_id = $1
 GROUP BY 1, 2, 3
HAVING sum(events) <> 0 OR sum(amount) <> 0
 ORDER BY 1, 2, 3
"""
_PURCHASES = """
SELECT *,
       -- where no other day can be told, at the two ends of the calendar, the day in UTC
       CASE WHEN occurred_at BETWEEN '0001-01-02Z' AND '9999-12-30Z'
            THEN (occurred_at AT TIME ZONE $2)::date
            ELSE (occurred_at AT TIME ZONE 'UTC')::date
       END AS day,
       CASE WHEN type = 'completedOrder'
            THEN coalesce(properties #>> '{amount,local,currency}', '')
            ELSE ''
       END AS currency,
       CASE WHEN type <> 'completedOrder' THEN 0
            WHEN properties ->> 'type' = 'return'
            THEN -abs(coalesce((properties #>> '{amount,total}')::numeric, 0))
            ELSE coalesce((properties #>> '{amount,total}')::numeric, 0)
       END AS amount
  FROM events
 WHERE workspace_id = $1
"""
_COUNTED_BY_DAY = f"""
SELECT day, node_id, type, context, currency, count(*), sum(amount)
  FROM ({_PURCHASES}) AS purchases
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 2, 3, 4, 5
"""
_COUNTED_BY_CUSTOMER = f"""
SELECT customer_id, type, currency, count(*), sum(amount)
  FROM ({_PURCHASES}) AS purchases
 WHERE customer_id <> '00000000-0000-0000-0000-000000000000' AND $2::text IS NOT NULL
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
"""


async def _check_stream(tx: Transaction, shop: Shop) -> None:
    """Positions have no gap, times do not run backwards, versions of one entity grow."""
    entries = await updates.read_updates(
        tx, shop.workspace_id, after=0, wanted=UpdateFilter(), limit=MANY
    )
    assert [one.position for one in entries] == list(range(1, len(entries) + 1))
    assert [one.at for one in entries] == sorted(one.at for one in entries)
    versions: dict[UUID, list[int]] = defaultdict(list)
    for one in entries:
        versions[one.change.entity_id].append(one.change.version)
    assert all(seen == sorted(seen) for seen in versions.values())

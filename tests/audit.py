"""What must hold in the tables whatever was written, read straight from them."""

from collections import defaultdict
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
from onefold.model.rollups import count_by_customer, count_by_day
from onefold.model.sessions import session_key
from onefold.model.updates import UpdateFilter
from onefold.store import consents, customers, history, identifiers, updates
from onefold.store.events import list_events_of_node
from onefold.store.rollups import all_customer_counts, all_event_counts
from tests.builders import Shop

MANY = 100_000


async def audit(shop: Shop) -> list[Customer]:
    """Raises AssertionError when anything contradicts anything; the customers by number."""
    found = sorted(await all_customers(shop), key=lambda one: one.number)
    async with shop.context.database.reading() as tx:
        await _check_identifiers(tx, shop, found)
        await _check_history(tx, shop, found)
        await _check_consents(tx, shop, found)
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
        query = f"SELECT EXISTS (SELECT 1 FROM {table} AS t WHERE strpos(t::text, $1) > 0)"  # noqa: S608 - a table of the catalog
        if await pool.fetchval(query, text):
            found.add(table.partition("_20")[0].removesuffix("_default"))
    return found


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


async def _check_counters(tx: Transaction, shop: Shop) -> None:
    """The counters are what counting the events again gives, exactly."""
    picture = await shop.picture()
    stored = []
    for node_id in picture.workspace.nodes:
        stored += await list_events_of_node(
            tx, shop.workspace_id, node_id=node_id, after=NIL, limit=MANY
        )
    by_day = count_by_day(stored, zone=picture.workspace.zone())
    assert await all_event_counts(tx, shop.workspace_id) == by_day
    assert await all_customer_counts(tx, shop.workspace_id) == count_by_customer(stored)


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

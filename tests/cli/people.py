"""Customers and events for the tests of commands, written as a request would write them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from onefold.actions.customers.drafts import CustomerDraft, Saved
from onefold.actions.customers.save import save_customers
from onefold.actions.workspaces import find_workspace
from onefold.assembly.context import context_on
from onefold.model.access import operator_of
from onefold.model.changes import CustomerChange
from onefold.model.ids import uuid7
from onefold.store.database import Database
from onefold.store.sealing import Sealer
from tests.cli.databases import wait_for

KEY = bytes(32)
"""Nothing that these tests write is sealed."""


def write_customers(url: str, slug: str, *people: Mapping[str, Any]) -> list[UUID]:
    """Saves customers in the first node of a workspace; their ids in order."""
    return wait_for(_write(url, slug, people))


async def _write(url: str, slug: str, people: Sequence[Mapping[str, Any]]) -> list[UUID]:
    database = await Database.open(url, Sealer(KEY), connections_max=1)
    try:
        context = context_on(database)
        async with database.reading() as tx:
            workspace = await find_workspace(tx, slug_or_id=slug)
        picture = await context.directory.workspace(workspace.id)
        assert picture is not None
        now = datetime.now(UTC)
        node_id = next(iter(workspace.nodes))
        drafts = [
            CustomerDraft(
                # Ids tell the older of two customers only where milliseconds lie between them.
                new_id=uuid7(now + timedelta(milliseconds=place)),
                node_id=node_id,
                change=CustomerChange(values=values),
            )
            for place, values in enumerate(people)
        ]
        async with database.transaction() as tx:
            outcomes = await save_customers(
                tx, operator_of(workspace.id), picture=picture, drafts=drafts, at=now
            )
    finally:
        await database.close()
    ids = []
    for outcome in outcomes:
        assert isinstance(outcome, Saved), outcome
        ids.append(outcome.customer.id)
    return ids

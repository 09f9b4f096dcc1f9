"""Fills a shop through the product's own batch functions."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from onefold.actions.customers.drafts import CustomerDraft, Saved
from onefold.actions.customers.save import save_customers
from onefold.actions.events import Recorded, record_events
from onefold.bench.people import customer_values, event_of, spread_over
from onefold.bench.place import Place, Shop
from onefold.model.changes import CustomerChange
from onefold.model.events import EventDraft
from onefold.model.ids import uuid7

BATCH_ROWS = 5000
SLOTS = 2
"""As many as a server has flushers: the counters then have the rows that they have in use."""


class Refused(Exception):
    """A row of ours was not taken: the benchmark itself is wrong."""


async def seed_customers(place: Place, count: int, shop: Shop | None = None) -> list[UUID]:
    """The first `count` customers of people.py, and their ids in that order."""
    shop = shop or place.shop
    picture = await place.picture(shop)
    ids: list[UUID] = []
    for numbers in _batches(count):
        at = place.context.clock()
        drafts = [
            CustomerDraft(
                new_id=uuid7(at),
                node_id=shop.node_id,
                change=CustomerChange(values=customer_values(number)),
            )
            for number in numbers
        ]
        async with place.context.database.transaction() as tx:
            outcomes = await save_customers(
                tx, shop.operator, picture=picture, drafts=drafts, at=at
            )
        ids.extend(_saved(outcome).customer.id for outcome in outcomes)
    return ids


async def seed_events(
    place: Place, count: int, customer_ids: Sequence[UUID], shop: Shop | None = None
) -> None:
    """`count` events spread evenly over the year before yesterday."""
    shop = shop or place.shop
    picture = await place.picture(shop)
    year_end = place.context.clock() - timedelta(days=1)
    for slot, numbers in _slots(count):
        drafts = []
        for number in numbers:
            event_type, properties = event_of(number)
            at = spread_over(year_end, number, count)
            drafts.append(
                EventDraft(
                    id=uuid7(at),
                    type=event_type,
                    context="WEB",
                    occurred_at=at,
                    properties=properties,
                    customer_id=customer_ids[number * 7919 % len(customer_ids)],
                )
            )
        async with place.context.database.transaction(slot=slot) as tx:
            outcomes = await record_events(
                tx,
                shop.operator,
                picture=picture,
                catalog=place.context.catalog,
                drafts=drafts,
                at=place.context.clock(),
            )
        for outcome in outcomes:
            _recorded(outcome)


def _batches(count: int) -> Iterator[range]:
    for start in range(0, count, BATCH_ROWS):
        yield range(start, min(count, start + BATCH_ROWS))


def _slots(count: int) -> Iterator[tuple[int, range]]:
    """Batches in turns of each slot; every day gets events through all of them."""
    for start in range(0, count, SLOTS * BATCH_ROWS):
        for slot in range(SLOTS):
            yield slot, range(start + slot, min(count, start + SLOTS * BATCH_ROWS), SLOTS)


def _saved(outcome: object) -> Saved:
    if not isinstance(outcome, Saved):
        raise Refused(repr(outcome))
    return outcome


def _recorded(outcome: object) -> Recorded:
    if not isinstance(outcome, Recorded):
        raise Refused(repr(outcome))
    return outcome

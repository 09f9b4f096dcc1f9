"""What every endpoint can call: the context, and the verbs that gather requests into batches."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Saved
from onefold.actions.customers.drafts import Outcome as CustomerOutcome
from onefold.actions.customers.read import read_each
from onefold.actions.customers.read import read_several as read_customers
from onefold.actions.customers.save import save_customers
from onefold.actions.event_changes import read_several as read_events
from onefold.actions.events import Outcome as EventOutcome
from onefold.actions.events import Recorded, record_events
from onefold.actions.retries import Deed, Keyed, do_once
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run_batch
from onefold.model.access import Actor
from onefold.model.customers import Customer
from onefold.model.events import EventDraft
from onefold.model.retries import RetryKey
from onefold.web.coalesce import Coalescer
from onefold.web.limits import UPLOADS_AT_ONCE_MAX
from onefold.web.measures import BATCH_ITEMS

CUSTOMERS_AT_ONCE_MAX = 128


class Services:
    """One for each process; a batch holds the requests of one actor."""

    def __init__(self, context: Context, *, slot: int = 0) -> None:
        self.context = context
        self.uploads = asyncio.Semaphore(UPLOADS_AT_ONCE_MAX)
        self._slot = slot
        self._customers: Coalescer[Actor, Keyed[CustomerDraft], Saved] = Coalescer(
            self._save, items_max=CUSTOMERS_AT_ONCE_MAX
        )
        self._events: Coalescer[Actor, Keyed[EventDraft], Recorded] = Coalescer(self._record)
        self._reads: Coalescer[Actor, UUID, Customer] = Coalescer(self._read)

    async def save_customer(
        self, actor: Actor, draft: CustomerDraft, retry: RetryKey | None = None
    ) -> Saved:
        """Durable when it returns; raises the draft's own refusal."""
        return await self._customers.submit(actor, Keyed(draft, retry))

    async def record_event(
        self, actor: Actor, draft: EventDraft, retry: RetryKey | None = None
    ) -> Recorded:
        """Durable when it returns; raises the draft's own refusal."""
        return await self._events.submit(actor, Keyed(draft, retry))

    async def find_customer(self, actor: Actor, customer_id: UUID) -> Customer:
        """The customer as committed by now; raises the refusal of an id that leads to none."""
        return await self._reads.submit(actor, customer_id)

    async def drain(self) -> None:
        await self._customers.drain()
        await self._events.drain()
        await self._reads.drain()

    async def _read(
        self, actor: Actor, customer_ids: Sequence[UUID], _: int
    ) -> Sequence[Customer | BaseException]:
        async with self.context.database.reading() as tx:
            return await read_each(tx, actor, customer_ids=customer_ids)

    async def _save(
        self, actor: Actor, keyed: Sequence[Keyed[CustomerDraft]], flusher: int
    ) -> Sequence[CustomerOutcome | BaseException]:
        BATCH_ITEMS.labels("save_customers").observe(len(keyed))

        async def write(
            tx: Transaction, items: Sequence[Keyed[CustomerDraft]]
        ) -> Sequence[CustomerOutcome]:
            at = self.context.clock()
            picture = await self.context.directory.current(tx, actor.workspace_id)

            async def do(drafts: Sequence[CustomerDraft]) -> Sequence[CustomerOutcome]:
                return await save_customers(tx, actor, picture=picture, drafts=drafts, at=at)

            async def tell(ids: Sequence[UUID]) -> Mapping[UUID, Saved]:
                found = await read_customers(tx, actor, customer_ids=ids)
                return {key: Saved(one, created=False, changed=False) for key, one in found.items()}

            deed = Deed(do, lambda saved: saved.customer.id, tell)
            return await do_once(tx, actor, keyed=items, deed=deed, at=at)

        return await run_batch(self.context.database, write, keyed, slot=self._slot + flusher)

    async def _record(
        self, actor: Actor, keyed: Sequence[Keyed[EventDraft]], flusher: int
    ) -> Sequence[EventOutcome | BaseException]:
        BATCH_ITEMS.labels("record_events").observe(len(keyed))

        async def write(
            tx: Transaction, items: Sequence[Keyed[EventDraft]]
        ) -> Sequence[EventOutcome]:
            at = self.context.clock()
            picture = await self.context.directory.current(tx, actor.workspace_id)

            async def do(drafts: Sequence[EventDraft]) -> Sequence[EventOutcome]:
                return await record_events(
                    tx,
                    actor,
                    picture=picture,
                    catalog=self.context.catalog,
                    drafts=drafts,
                    at=at,
                )

            async def tell(ids: Sequence[UUID]) -> Mapping[UUID, Recorded]:
                found = await read_events(tx, actor, event_ids=ids)
                return {key: Recorded(one, new=False) for key, one in found.items()}

            deed = Deed(do, lambda recorded: recorded.event.id, tell)
            return await do_once(tx, actor, keyed=items, deed=deed, at=at)

        return await run_batch(self.context.database, write, keyed, slot=self._slot + flusher)

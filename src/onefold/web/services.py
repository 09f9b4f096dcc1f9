"""What every endpoint can call: the context, and the verbs that gather requests into batches."""

from collections.abc import Sequence

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Saved
from onefold.actions.customers.drafts import Outcome as CustomerOutcome
from onefold.actions.customers.save import save_customers
from onefold.actions.events import Outcome as EventOutcome
from onefold.actions.events import Recorded, record_events
from onefold.actions.transaction import Transaction
from onefold.actions.writing import run_batch
from onefold.model.access import Actor
from onefold.model.events import EventDraft
from onefold.web.coalesce import Coalescer
from onefold.web.measures import BATCH_ITEMS

CUSTOMERS_AT_ONCE_MAX = 128


class Services:
    """One for each process; a batch holds the requests of one actor."""

    def __init__(self, context: Context, *, slot: int = 0) -> None:
        self.context = context
        self._slot = slot
        self._customers: Coalescer[Actor, CustomerDraft, Saved] = Coalescer(
            self._save, items_max=CUSTOMERS_AT_ONCE_MAX
        )
        self._events: Coalescer[Actor, EventDraft, Recorded] = Coalescer(self._record)

    async def save_customer(self, actor: Actor, draft: CustomerDraft) -> Saved:
        """Durable when it returns; raises the draft's own refusal."""
        return await self._customers.submit(actor, draft)

    async def record_event(self, actor: Actor, draft: EventDraft) -> Recorded:
        """Durable when it returns; raises the draft's own refusal."""
        return await self._events.submit(actor, draft)

    async def drain(self) -> None:
        await self._customers.drain()
        await self._events.drain()

    async def _save(
        self, actor: Actor, drafts: Sequence[CustomerDraft], flusher: int
    ) -> Sequence[CustomerOutcome | BaseException]:
        BATCH_ITEMS.labels("save_customers").observe(len(drafts))

        async def write(
            tx: Transaction, items: Sequence[CustomerDraft]
        ) -> Sequence[CustomerOutcome]:
            picture = await self.context.directory.current(tx, actor.workspace_id)
            return await save_customers(
                tx, actor, picture=picture, drafts=items, at=self.context.clock()
            )

        return await run_batch(self.context.database, write, drafts, slot=self._slot + flusher)

    async def _record(
        self, actor: Actor, drafts: Sequence[EventDraft], flusher: int
    ) -> Sequence[EventOutcome | BaseException]:
        BATCH_ITEMS.labels("record_events").observe(len(drafts))

        async def write(tx: Transaction, items: Sequence[EventDraft]) -> Sequence[EventOutcome]:
            picture = await self.context.directory.current(tx, actor.workspace_id)
            return await record_events(
                tx,
                actor,
                picture=picture,
                catalog=self.context.catalog,
                drafts=items,
                at=self.context.clock(),
            )

        return await run_batch(self.context.database, write, drafts, slot=self._slot + flusher)

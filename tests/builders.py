"""Builders of fictional data; everybody in it lives under .example."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from onefold.actions.access import issue_token
from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft, Operation, Outcome, Saved
from onefold.actions.customers.remove import delete_customer
from onefold.actions.customers.save import save_customers
from onefold.actions.directory import Picture
from onefold.actions.events import Outcome as EventOutcome
from onefold.actions.events import Recorded, record_events
from onefold.actions.sessions import tie_session
from onefold.actions.workspaces import create_workspace, define_properties, save_node, save_source
from onefold.model.access import Actor, Role, operator_of
from onefold.model.changes import CustomerChange
from onefold.model.events import BringBack, BringBackBy, Event, EventDraft
from onefold.model.ids import uuid7
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.sessions import Session
from onefold.model.workspaces import (
    Node,
    NodeKind,
    Source,
    UniquePolicy,
    WorkspaceSettings,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass(frozen=True)
class Shop:
    """A workspace of a test's own: an entry node, a source, a token and the operator."""

    context: Context
    workspace_id: UUID
    node: Node
    source: Source
    token: str
    operator: Actor

    @property
    def node_id(self) -> UUID:
        return self.node.id

    async def picture(self) -> Picture:
        self.context.directory.forget()
        found = await self.context.directory.workspace(self.workspace_id)
        assert found is not None
        return found

    async def save(self, drafts: Sequence[CustomerDraft], *, at: datetime = NOON) -> list[Outcome]:
        picture = await self.picture()
        async with self.context.database.transaction() as tx:
            return await save_customers(tx, self.operator, picture=picture, drafts=drafts, at=at)

    async def customer(self, at: datetime = NOON, **values: Any) -> Saved:
        """Saves one customer in the node; values by core path, `__` for a dot."""
        (outcome,) = await self.save([make_draft(self.node_id, **values)], at=at)
        assert isinstance(outcome, Saved), outcome
        return outcome

    async def record(
        self, drafts: Sequence[EventDraft], *, at: datetime = NOON, job_id: UUID | None = None
    ) -> list[EventOutcome]:
        picture = await self.picture()
        async with self.context.database.transaction() as tx:
            return await record_events(
                tx,
                self.operator,
                picture=picture,
                catalog=self.context.catalog,
                drafts=drafts,
                at=at,
                job_id=job_id,
            )

    async def event(self, draft: EventDraft, *, at: datetime = NOON) -> Event:
        """Records one event that must be new."""
        (outcome,) = await self.record([draft], at=at)
        assert isinstance(outcome, Recorded), outcome
        assert outcome.new
        return outcome.event

    async def tie(self, customer_id: UUID, value: str, *, at: datetime = NOON) -> Session:
        picture = await self.picture()
        async with self.context.database.transaction() as tx:
            return await tie_session(
                tx, self.operator, picture=picture, customer_id=customer_id, value=value, at=at
            )

    async def delete(self, customer_id: UUID, *, at: datetime = NOON) -> None:
        picture = await self.picture()
        async with self.context.database.transaction() as tx:
            await delete_customer(
                tx, self.operator, picture=picture, customer_id=customer_id, at=at
            )

    async def add_node(self, node: Node) -> Node:
        async with self.context.database.transaction() as tx:
            await save_node(tx, self.operator, node=node, at=NOON)
        return node

    async def token_for(
        self,
        *roles: Role,
        node_ids: frozenset[UUID] | None = None,
        expires_at: datetime | None = None,
    ) -> str:
        async with self.context.database.transaction() as tx:
            return await issue_token(
                tx,
                self.operator,
                kind="source",
                roles=frozenset(roles),
                subject_id=self.source.id,
                node_ids=node_ids,
                at=NOON,
                expires_at=expires_at,
            )


def make_values(**values: Any) -> dict[str, Any]:
    return {path.replace("__", "."): value for path, value in values.items()}


def make_draft(node_id: UUID, **values: Any) -> CustomerDraft:
    return CustomerDraft(
        new_id=uuid7(NOON), node_id=node_id, change=CustomerChange(values=make_values(**values))
    )


def make_patch(customer_id: UUID, **values: Any) -> CustomerDraft:
    return CustomerDraft(
        new_id=uuid7(NOON),
        customer_id=customer_id,
        operation=Operation.PATCH,
        change=CustomerChange(values=make_values(**values)),
    )


def make_event(
    event_type: str = "viewedPage",
    properties: dict[str, Any] | None = None,
    *,
    customer_id: UUID | None = None,
    bring_back: BringBack | None = None,
    at: datetime = NOON,
) -> EventDraft:
    return EventDraft(
        id=uuid7(at),
        type=event_type,
        context="WEB",
        occurred_at=at,
        properties=properties or {},
        customer_id=customer_id,
        bring_back=bring_back,
    )


def by_session(node_id: UUID, value: str) -> BringBack:
    return BringBack(BringBackBy.SESSION_ID, value, node_id)


def by_external_id(node_id: UUID, value: str) -> BringBack:
    return BringBack(BringBackBy.EXTERNAL_ID, value, node_id)


async def make_shop(
    context: Context,
    *,
    unique: UniquePolicy | None = None,
    mandatory: tuple[str, ...] = (),
    settings: WorkspaceSettings | None = None,
    definitions: dict[str, dict[str, Any]] | None = None,
) -> Shop:
    number = next(_numbers)
    policy = UniquePolicy(("contact.email",)) if unique is None else unique
    async with context.database.transaction() as tx:
        workspace_id = await create_workspace(
            tx,
            slug=f"shop-{uuid7(NOON)}",
            name=f"Shop {number}",
            settings=settings or WorkspaceSettings(),
            at=NOON,
        )
        operator = operator_of(workspace_id)
        node = Node(uuid7(NOON), NodeKind.ENTRY, "Counter", unique=policy, mandatory=mandatory)
        await save_node(tx, operator, node=node, at=NOON)
        source = Source(uuid7(NOON), "Till", "API", (node.id,))
        await save_source(tx, operator, source=source, at=NOON)
        if definitions:
            await define_properties(
                tx, operator, owner=CUSTOMER_OWNER, definitions=definitions, at=NOON
            )
        token = await issue_token(
            tx,
            operator,
            kind="source",
            roles=frozenset({Role.APPLICATION}),
            subject_id=source.id,
            node_ids=frozenset({node.id}),
            at=NOON,
        )
    return Shop(context, workspace_id, node, source, token, operator)

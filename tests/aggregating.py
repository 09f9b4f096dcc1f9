"""Workspaces with an aggregate node over two entry nodes, for tests of persons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.actions.aggregates import activate_node, run_projections, store_aggregate_node
from onefold.actions.context import Context
from onefold.actions.customers.drafts import Saved
from onefold.actions.persons.decisions import (
    forget_decision,
    merge_customers,
    part_customers,
    unmerge_customers,
)
from onefold.actions.transaction import Transaction
from onefold.model.aggregates import Aggregate, AggregateState, Exclusion, MatchRule, RuleSet
from onefold.model.customers import Customer
from onefold.model.ids import NIL, uuid7
from onefold.model.persons import Link
from onefold.model.workspaces import Node, NodeKind, UniquePolicy, WorkspaceSettings
from onefold.store import customers, persons
from tests.builders import NOON, Shop, make_draft, make_shop

BY_EMAIL = MatchRule("email", ("contact.email",))
BY_EXTERNAL_ID = MatchRule("external", ("external_id",))
BY_NAME_AND_BIRTHDAY = MatchRule("name", ("name.given", "name.family", "birth_date"))
MANY = 10_000
WORDS = {
    "merge": merge_customers,
    "unmerge": unmerge_customers,
    "part": part_customers,
    "forget": forget_decision,
}


@dataclass(frozen=True)
class Chain:
    """Two shops that keep customers of their own, and the aggregate node over both."""

    shop: Shop
    second: Node
    aggregate_id: UUID

    @property
    def first_id(self) -> UUID:
        return self.shop.node_id

    @property
    def second_id(self) -> UUID:
        return self.second.id

    async def customer(self, node_id: UUID, at: datetime = NOON, **values: Any) -> Customer:
        (outcome,) = await self.shop.save([make_draft(node_id, **values)], at=at)
        assert isinstance(outcome, Saved), outcome
        return outcome.customer

    async def persons(self) -> list[Customer]:
        """Those that there are, by id."""
        return await self._customers(self.aggregate_id)

    async def entry_customers(self) -> list[Customer]:
        found = await self._customers(self.first_id) + await self._customers(self.second_id)
        return sorted(found, key=lambda one: one.id)

    async def _customers(self, node_id: UUID) -> list[Customer]:
        async with self.shop.context.database.reading() as tx:
            return await customers.list_customers(
                tx, self.shop.workspace_id, node_id=node_id, after=NIL, limit=MANY
            )

    async def links(self) -> dict[UUID, Link]:
        """Customer -> its link."""
        ids = [one.id for one in await self.persons()]
        async with self.shop.context.database.reading() as tx:
            found = await persons.find_members(tx, self.shop.workspace_id, person_ids=ids)
        return {one.customer_id: one for one in found}

    async def together(self) -> set[frozenset[UUID]]:
        """The customers of each person."""
        by_person: dict[UUID, set[UUID]] = {}
        for one in (await self.links()).values():
            by_person.setdefault(one.person_id, set()).add(one.customer_id)
        return {frozenset(members) for members in by_person.values()}

    async def say(self, word: str, one: UUID, other: UUID, *, at: datetime = NOON) -> None:
        """What an operator says of two: merge, unmerge, part or forget (that anything was said)."""
        action = WORDS[word]
        picture = await self.shop.picture()
        async with self.shop.context.database.transaction() as tx:
            await action(tx, self.shop.operator, picture=picture, ids=(one, other), at=at)

    async def activate(self, *, at: datetime = NOON) -> None:
        picture = await self.shop.picture()
        async with self.shop.context.database.transaction() as tx:
            await activate_node(
                tx,
                self.shop.operator,
                picture=picture,
                node_id=self.aggregate_id,
                state=AggregateState.ACTIVE,
                at=at,
            )
        self.shop.context.directory.forget()

    async def run_jobs(self) -> int:
        """Runs every projection that waits; how many there were."""
        return await run_projections(
            self.shop.context, self.shop.operator, node_id=self.aggregate_id, holder="test"
        )


async def make_chain(
    context: Context,
    *rules: MatchRule,
    exclusions: Sequence[Exclusion] = (),
    source_priority: tuple[UUID, ...] = (),
    definitions: dict[str, Any] | None = None,
    active: bool = True,
) -> Chain:
    """Nodes in which the external id is unique, so that an e-mail address may come twice."""
    shop = await make_shop(
        context,
        unique=UniquePolicy(("external_id",)),
        settings=WorkspaceSettings(region="IT"),
        definitions=definitions,
    )
    second = await shop.add_node(replace(shop.node, id=uuid7(NOON), name="Web"))
    aggregate = Aggregate(rule_set=RuleSet(1, rules or (BY_EMAIL,)), exclusions=tuple(exclusions))
    node = Node(
        uuid7(NOON),
        NodeKind.AGGREGATE,
        "Everybody",
        entry_node_ids=(shop.node_id, second.id),
        source_priority=source_priority,
        aggregate=aggregate,
    )
    picture = await shop.picture()
    async with context.database.transaction() as tx:
        await _store(tx, shop, picture, node)
    context.directory.forget()
    chain = Chain(shop, second, node.id)
    if active:
        await chain.activate()
        await chain.run_jobs()
    return chain


async def _store(tx: Transaction, shop: Shop, picture: Any, node: Node) -> None:
    await store_aggregate_node(tx, shop.operator, picture=picture, node=node, at=NOON)

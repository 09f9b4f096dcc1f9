"""`onefold explain`, `merge`, `unmerge`, `never-same` and `rules`: who is who, and why."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from onefold.actions.aggregates import activate_node, store_aggregate_node
from onefold.actions.workspaces import find_workspace
from onefold.assembly.context import context_on, utc_now
from onefold.model.access import operator_of
from onefold.model.aggregates import Aggregate, AggregateState, MatchRule, RuleSet
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind
from onefold.store.database import Database
from onefold.store.sealing import Sealer
from tests.cli.commands import Commands
from tests.cli.databases import ask, wait_for
from tests.cli.people import KEY, write_customers

BY_NAME = "rules:\n- {id: name, properties: [name.given]}\n"


async def _aggregate(url: str) -> UUID:
    database = await Database.open(url, Sealer(KEY), connections_max=2)
    try:
        context = context_on(database)
        async with database.reading() as tx:
            workspace = await find_workspace(tx, slug_or_id="shop")
        rules = RuleSet(1, (MatchRule("mobile", ("contact.mobile",)),))
        node = Node(
            uuid7(utc_now()),
            NodeKind.AGGREGATE,
            "everybody",
            entry_node_ids=tuple(workspace.nodes),
            aggregate=Aggregate(rule_set=rules),
        )
        operator = operator_of(workspace.id)
        async with database.transaction() as tx:
            picture = await context.directory.locked(tx, workspace.id)
            await store_aggregate_node(tx, operator, picture=picture, node=node, at=utc_now())
        async with database.transaction() as tx:
            await activate_node(
                tx,
                operator,
                picture=await context.directory.locked(tx, workspace.id),
                node_id=node.id,
                state=AggregateState.ACTIVE,
                at=utc_now(),
            )
    finally:
        await database.close()
    return node.id


@pytest.fixture(scope="module")
def people(shop: Commands, url: str) -> tuple[Commands, list[UUID]]:
    """Two Adas with one mobile, and a Bea, in a workspace whose aggregate node follows them."""
    wait_for(_aggregate(url))
    ids = write_customers(
        url,
        "shop",
        {"contact.email": "a@shop.example", "contact.mobile": "+393331234567", "name.given": "Ada"},
        {"contact.email": "b@shop.example", "contact.mobile": "+393331234567", "name.given": "Bea"},
        {"contact.email": "c@shop.example", "name.given": "Bea"},
    )
    return shop, ids


def persons_of(commands: Commands, customer_id: UUID) -> set[str]:
    """The customers of the person of a customer."""
    (person,) = commands.json("explain", str(customer_id), "--workspace", "shop")
    return {link["customer_id"] for link in person["links"]}


def run(commands: Commands, word: str, one: UUID, other: UUID, *more: str) -> str:
    return commands.run(word, str(one), str(other), "--workspace", "shop", *more)


class TestExplain:
    def test_says_why_customers_are_one_person(self, people: tuple[Commands, list[UUID]]) -> None:
        commands, (ada, twin, _) = people

        told = commands.run("explain", str(twin), "--workspace", "shop")

        assert f"customer {ada}: met nobody before" in told
        assert f"with {ada} by rule mobile of version 1: contact.mobile +393331234567" in told

    def test_says_why_two_are_not(self, people: tuple[Commands, list[UUID]]) -> None:
        commands, (ada, twin, bea) = people

        told = commands.run("explain", str(ada), "--with", str(bea), "--workspace", "shop")
        joined = commands.json("explain", str(ada), "--with", str(twin), "--workspace", "shop")

        assert "two persons" in told
        assert f"against: rule mobile: {bea} has no value that says who it is" in told
        assert (joined[0]["together"], joined[0]["comparisons"][0]["joins"]) == (True, True)

    def test_says_where_a_value_comes_from(self, people: tuple[Commands, list[UUID]]) -> None:
        commands, (ada, twin, _) = people
        (person,) = commands.json("explain", str(ada), "--workspace", "shop")

        found = commands.json(
            "explain", person["person_id"], "--field", "name.given", "--workspace", "shop"
        )

        assert (found["value"], found["policy"]) == ("Ada", "priority")
        said = [(one["customer_id"], one["value"], one["version"]) for one in found["said"]]
        assert said == [(str(ada), "Ada", 1), (str(twin), "Bea", 1)]

    def test_refuses_a_field_that_is_none(self, people: tuple[Commands, list[UUID]]) -> None:
        commands, (ada, *_) = people

        said = commands.refusal("explain", str(ada), "--field", "shoe", "--workspace", "shop")

        assert "shoe is not a property of customers" in said


class TestDecisions:
    def test_merge_and_unmerge(self, people: tuple[Commands, list[UUID]]) -> None:
        commands, (ada, twin, bea) = people

        run(commands, "merge", ada, bea)
        merged = persons_of(commands, bea)
        run(commands, "unmerge", ada, bea)

        assert merged == {str(ada), str(twin), str(bea)}
        assert persons_of(commands, bea) == {str(bea)}
        assert persons_of(commands, ada) == {str(ada), str(twin)}

    def test_part_whom_a_rule_joins_until_it_is_undone(
        self, people: tuple[Commands, list[UUID]]
    ) -> None:
        commands, (ada, twin, _) = people

        run(commands, "never-same", ada, twin)
        parted = persons_of(commands, twin)
        said = commands.run("explain", str(ada), "--with", str(twin), "--workspace", "shop")
        run(commands, "never-same", ada, twin, "--undo")
        assert said.count("two persons in node") == 2  # its own, and the aggregate node

        assert parted == {str(twin)}
        assert "against: people said: never the same person" in said
        assert persons_of(commands, twin) == {str(ada), str(twin)}

    def test_refuse_to_unmerge_two_persons(self, people: tuple[Commands, list[UUID]]) -> None:
        commands, (ada, _, bea) = people

        said = commands.refusal("unmerge", str(ada), str(bea), "--workspace", "shop")

        assert "these two are not one person" in said


class TestRules:
    def test_are_shown_compared_applied_and_taken_back(
        self, people: tuple[Commands, list[UUID]], folder: Path
    ) -> None:
        commands, (ada, twin, bea) = people
        file = folder / "rules.yaml"
        file.write_text(BY_NAME, encoding="utf-8")

        diff = self._rules(commands, "diff", str(file))
        assert (diff["merged"], diff["split"], diff["persons_after"]) == (1, 1, 2)
        assert persons_of(commands, twin) == {str(ada), str(twin)}

        assert self._rules(commands, "apply", str(file))["version"] == 2
        assert persons_of(commands, twin) == {str(twin), str(bea)}

        assert self._rules(commands, "rollback")["rules"][0]["id"] == "mobile"
        assert persons_of(commands, twin) == {str(ada), str(twin)}
        assert self._rules(commands, "show")["version"] == 3

    def test_are_refused_when_a_file_holds_none(
        self, people: tuple[Commands, list[UUID]], folder: Path
    ) -> None:
        commands, _ = people
        file = folder / "wrong.yaml"
        file.write_text("- 1", encoding="utf-8")

        said = commands.refusal("rules", "diff", str(file), "--workspace", "shop")

        assert "is no list of rules" in said

    def _rules(self, commands: Commands, *words: str) -> Any:
        return commands.json("rules", *words, "--workspace", "shop")


def test_a_person_is_a_row_like_any_customer(people: tuple[Commands, list[UUID]], url: str) -> None:
    commands, (ada, *_) = people
    (person,) = commands.json("explain", str(ada), "--workspace", "shop")

    query = "SELECT count(*) FROM customers WHERE customer_id = $1"

    assert ask(url, query, UUID(person["person_id"])) == 1

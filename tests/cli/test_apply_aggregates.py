"""`onefold apply` with aggregate nodes."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Commands
from tests.cli.databases import ask, rows

CHAIN = """
workspaces:
  - slug: {slug}
    nodes:
      - name: everyone
        aggregate:
          nodes: [counter, web]
          rules:
            - {{id: email, properties: [contact.email]}}
            - {{id: name, properties: [name.given, name.family], case_sensitive: true}}
      - {{name: counter, unique: {{properties: [external_id]}}}}
      - {{name: web}}
"""
JOBS = "SELECT count(*) FROM jobs WHERE kind = 'projection'"


def steps(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["action"], one["name"]) for one in found]


class TestAnAggregateNode:
    def test_is_made_after_what_it_unites_and_set_to_work(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        before = ask(url, JOBS)

        found = steps(commands.apply(folder, CHAIN.format(slug="chain")))

        assert found[1:] == [("created", "counter"), ("created", "web"), ("created", "everyone")]
        (shown,) = [commands.json("rules", "show", "--workspace", "chain")]
        assert (shown["state"], shown["version"]) == ("ACTIVE", 1)
        assert [one["id"] for one in shown["rules"]] == ["email", "name"]
        assert [one["case_sensitive"] for one in shown["rules"]] == [False, True]
        assert ask(url, JOBS) == before + 1

    def test_twice_changes_nothing(self, commands: Commands, folder: Path, url: str) -> None:
        commands.apply(folder, CHAIN.format(slug="again"))
        before = rows(url, "SELECT revision FROM workspaces WHERE slug = 'again'")

        assert commands.apply(folder, CHAIN.format(slug="again")) == []

        assert rows(url, "SELECT revision FROM workspaces WHERE slug = 'again'") == before

    def test_can_wait_until_it_is_set_to_work(self, commands: Commands, folder: Path) -> None:
        plan = CHAIN.format(slug="later")
        waiting = plan.replace("          rules:", "          active: false\n          rules:")
        commands.apply(folder, waiting)
        state = commands.json("rules", "show", "--workspace", "later")["state"]

        found = steps(commands.apply(folder, plan))

        assert state == "NEW"
        assert found == [("changed", "everyone")]

    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("id: email, properties: [contact.email]", "id: e, properties: [locale]", "rules diff"),
            ("[counter, web]", "[web]", "which cannot change"),
            ("[counter, web]", "[counter, cellar]", "unites cellar: no such node"),
        ],
    )
    def test_is_not_changed_behind_anybody_s_back(
        self, commands: Commands, folder: Path, old: str, new: str, why: str
    ) -> None:
        plan = CHAIN.format(slug="steady")
        commands.apply(folder, plan)

        assert why in commands.apply_refusal(folder, plan.replace(old, new))

    def test_does_not_take_an_entry_node_s_name(self, commands: Commands, folder: Path) -> None:
        commands.apply(folder, "workspaces: [{slug: taken, nodes: [{name: everyone}]}]")

        said = commands.apply_refusal(folder, CHAIN.format(slug="taken"))

        assert "the node everyone is an entry node" in said

    def test_says_everything_that_could_not_work(self, commands: Commands, folder: Path) -> None:
        said = commands.apply_refusal(
            folder,
            """
            workspaces:
              - slug: wrong
                nodes:
                  - name: all
                    mandatory: [locale]
                    aggregate:
                      nodes: []
                      rules: [{id: a, properties: [shoe]}, {id: a, properties: []}]
            """,
        )

        assert said.splitlines()[1:] == [
            "  nodes.all: an aggregate node is not written: unique and mandatory mean nothing",
            "  nodes.all.aggregate.nodes: names no entry node",
            "  nodes.all.aggregate.rules: a stands there twice",
            "  nodes.all.aggregate.rules: at least one property to match by is required",
            "  nodes.all.aggregate.rules: shoe is not a property of customers",
        ]

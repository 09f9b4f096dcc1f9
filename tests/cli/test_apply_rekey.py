"""`onefold apply` with another way of telling customers apart: everybody is claimed anew."""

from pathlib import Path
from uuid import UUID

from tests.cli.commands import Commands
from tests.cli.databases import ask, rows
from tests.cli.people import write_customers


def club(slug: str, *paths: str, case_sensitive: bool = False) -> str:
    unique = f"{{properties: [{', '.join(paths)}], case_sensitive: {str(case_sensitive).lower()}}}"
    return f"workspaces: [{{slug: {slug}, nodes: [{{name: members, unique: {unique}}}]}}]"


def claims(url: str, slug: str) -> list[UUID]:
    """Who holds a claim of the unique properties."""
    query = (
        "SELECT customer_id FROM identifiers JOIN workspaces USING (workspace_id)"
        " WHERE slug = $1 AND kind = 'unique' ORDER BY customer_id"
    )
    return [row[0] for row in rows(url, query, slug)]


class TestAnotherPolicy:
    def test_claims_every_customer_anew_and_names_who_got_none(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        commands.apply(folder, club("chess", "contact.email"))
        ada, ann, bob = write_customers(
            url,
            "chess",
            {"contact.email": "ada@club.example", "name.family": "Abel"},
            {"contact.email": "ann@club.example", "name.family": "Abel"},
            {"contact.email": "bob@club.example", "name.family": "Brand"},
        )

        steps = commands.apply(folder, club("chess", "name.family"))

        assert steps == [
            {"action": "changed", "kind": "node", "name": "members", "without_claim": [str(ann)]}
        ]
        assert claims(url, "chess") == sorted([ada, bob])

    def test_writes_by_the_new_rule_from_then_on(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        commands.apply(folder, club("go", "contact.email"))
        (ada,) = write_customers(
            url, "go", {"contact.email": "ada@club.example", "name.family": "Abel"}
        )
        commands.apply(folder, club("go", "name.family"))

        (again,) = write_customers(
            url, "go", {"contact.email": "new@club.example", "name.family": "Abel"}
        )

        assert again == ada

    def test_leaves_those_unclaimed_that_lack_the_property(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        commands.apply(folder, club("bridge", "contact.email"))
        ada, _ = write_customers(
            url,
            "bridge",
            {"contact.email": "ada@club.example", "name.family": "Abel"},
            {"contact.email": "bob@club.example"},
        )

        steps = commands.apply(folder, club("bridge", "name.family"))

        assert "without_claim" not in steps[0]
        assert claims(url, "bridge") == [ada]

    def test_may_only_change_whether_case_counts(
        self, commands: Commands, folder: Path, url: str
    ) -> None:
        commands.apply(folder, club("rowing", "name.family", case_sensitive=True))
        low, high = write_customers(url, "rowing", {"name.family": "abel"}, {"name.family": "ABEL"})

        steps = commands.apply(folder, club("rowing", "name.family"))

        assert steps[0]["without_claim"] == [str(high)]
        assert claims(url, "rowing") == [low]

    def test_says_it_to_people(self, commands: Commands, folder: Path, url: str) -> None:
        commands.apply(folder, club("darts", "contact.email"))
        _, second = write_customers(
            url,
            "darts",
            {"contact.email": "ada@club.example", "name.family": "Abel"},
            {"contact.email": "ann@club.example", "name.family": "Abel"},
        )
        file = folder / "darts.yaml"
        file.write_text(club("darts", "name.family"), encoding="utf-8")

        said = commands.run("apply", str(file))

        assert said.splitlines() == [
            "changed: node members",
            (
                "  no claim for 1 of its customers: by the new rule an older one is the same,"
                " and gets what is written with their properties:"
            ),
            f"  {second}",
        ]

    def test_is_only_tried_with_diff(self, commands: Commands, folder: Path, url: str) -> None:
        commands.apply(folder, club("polo", "contact.email"))
        ada, ann = write_customers(
            url,
            "polo",
            {"contact.email": "ada@club.example", "name.family": "Abel"},
            {"contact.email": "ann@club.example", "name.family": "Abel"},
        )

        steps = commands.apply(folder, club("polo", "name.family"), "--diff")

        assert steps[0]["without_claim"] == [str(ann)]
        assert claims(url, "polo") == sorted([ada, ann])

    def test_is_a_new_version_of_the_rule(self, commands: Commands, folder: Path, url: str) -> None:
        query = (
            "SELECT nodes.settings->'unique'->>'version' FROM nodes"
            " JOIN workspaces USING (workspace_id) WHERE slug = 'golf'"
        )
        commands.apply(folder, club("golf", "contact.email"))

        commands.apply(folder, club("golf", "name.family"))
        commands.apply(folder, club("golf", "name.family"))

        assert ask(url, query) == "2"

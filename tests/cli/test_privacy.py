"""`onefold audit`, `forget`, `readmit` and `rebuild`: what a data protection officer asks for."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.cli.commands import Commands
from tests.cli.databases import ask, rows, tell

FILE = "mail,news\nada@shop.example,true\nbob@shop.example,false\n"
MAP = """
customers:
  columns:
    mail: contact.email
    news: {to: consents.marketing.automatic.email.status, type: boolean}
"""
LAST_LINE = "WHERE number = (SELECT max(number) FROM consent_log)"
BOBS = "(SELECT customer_id FROM identifiers WHERE kind = 'email' AND value = 'bob@shop.example')"


@pytest.fixture
def people(shop: Commands, url: str, folder: Path) -> Commands:
    """Ada, Bob and one more each time, who decided on the newsletter."""
    file, rules = folder / "people.csv", folder / "people.yaml"
    file.write_text(f"{FILE}{uuid4()}@shop.example,true\n", encoding="utf-8")
    rules.write_text(MAP, encoding="utf-8")
    node = str(ask(url, "SELECT node_id FROM nodes"))
    shop.run("readmit", "--workspace", "shop", "--email", "ada@shop.example")
    shop.run("import", str(file), "--map", str(rules), "--node", node)
    return shop


def id_of(url: str, email: str) -> str:
    query = "SELECT customer_id FROM identifiers WHERE kind = 'email' AND value = $1"
    return str(ask(url, query, email))


def verdict(commands: Commands, *, status: int = 0) -> dict[str, Any]:
    (found,) = commands.json("audit", "verify", "--workspace", "shop", status=status)
    return dict(found)


class TestVerify:
    def test_finds_a_log_as_it_was_written(self, people: Commands) -> None:
        found = verdict(people)

        assert found["intact"]
        assert found["lines"] >= 2
        assert verdict(people)["seal"] == found["seal"]
        assert people.run("audit", "verify").startswith("ok ")

    @pytest.mark.parametrize(
        ("change", "back"),
        [
            (
                "UPDATE consent_log SET after = NOT after",
                "UPDATE consent_log SET after = NOT after",
            ),
            (
                "UPDATE consent_log SET actor_kind = 'member'",
                "UPDATE consent_log SET actor_kind = 'operator'",
            ),
            (
                f"UPDATE consent_log SET number = number + 1 {LAST_LINE}",
                f"UPDATE consent_log SET number = number - 1 {LAST_LINE}",
            ),
        ],
    )
    def test_finds_what_was_changed(
        self, people: Commands, url: str, change: str, back: str
    ) -> None:
        tell(url, change)

        found = verdict(people, status=1)
        said = people.run("audit", "verify", status=1)

        tell(url, back)
        assert not found["intact"]
        assert found["broken"] or found["missing"]
        assert said
        assert verdict(people)["intact"]

    def test_finds_a_log_that_is_gone_as_a_whole(self, people: Commands, url: str) -> None:
        bob = id_of(url, "bob@shop.example")
        kept = rows(url, "SELECT consent_log::text FROM consent_log WHERE customer_id = $1", bob)
        tell(url, "CREATE TABLE kept_log AS SELECT * FROM consent_log WHERE customer_id = " + BOBS)
        tell(url, "DELETE FROM consent_log WHERE customer_id = " + BOBS)

        found = verdict(people, status=1)

        tell(url, "INSERT INTO consent_log SELECT * FROM kept_log")
        tell(url, "DROP TABLE kept_log")
        assert kept
        assert found["missing"] > 0
        assert verdict(people)["intact"]


class TestForget:
    def test_removes_a_customer_and_certifies_it(
        self, people: Commands, url: str, folder: Path
    ) -> None:
        ada = id_of(url, "ada@shop.example")
        paper = folder / "ada.json"

        people.run("forget", ada, "--workspace", "shop", "--certificate", str(paper), "--yes")

        told = json.loads(paper.read_text(encoding="utf-8"))
        assert told["customer"]["id"] == ada
        assert told["removed"]["identifiers"] == 3
        assert told["removed"]["history"] == 1
        assert "ada@" not in paper.read_text(encoding="utf-8")
        assert id_of(url, "ada@shop.example") == "None"
        check = ("audit", "certificate", str(paper), "--workspace", "shop")
        assert people.run(*check).strip() == "genuine"
        assert verdict(people)["intact"]

    @pytest.mark.parametrize(
        ("name", "value", "why"),
        [
            ("forgotten_at", "2020-01-01T00:00:00+00:00", "was changed"),
            ("signature", "0" * 64, "not made under the key"),
            ("form", "another", "no certificate"),
        ],
    )
    def test_tells_a_certificate_that_is_not_genuine(
        self, people: Commands, folder: Path, name: str, value: str, why: str
    ) -> None:
        (told,) = people.json("forget", "--workspace", "shop", "--email", "ADA@shop.example")
        paper = folder / "forged.json"
        paper.write_text(json.dumps({**told, name: value}), encoding="utf-8")
        check = ("audit", "certificate", str(paper), "--workspace", "shop")

        assert why in people.run(*check, status=1)

    def test_checks_every_certificate_of_a_list(self, people: Commands, folder: Path) -> None:
        (told,) = people.json("forget", "--workspace", "shop", "--email", "ADA@shop.example")
        paper = folder / "several.json"
        check = ("audit", "certificate", str(paper), "--workspace", "shop")

        paper.write_text(json.dumps([told, told]), encoding="utf-8")
        genuine = people.run(*check)
        paper.write_text(json.dumps([told, {**told, "marks": 9}]), encoding="utf-8")
        forged = people.run(*check, status=1)
        paper.write_text("[]", encoding="utf-8")

        assert genuine == "genuine\n"
        assert forged == "2: the certificate was changed after it was made\n"
        assert "holds no certificate" in people.refusal(*check)

    def test_asks_before_it_does_what_cannot_be_undone(self, people: Commands, url: str) -> None:
        people.run("forget", "--workspace", "shop", "--email", "bob@shop.example", status=1)

        assert id_of(url, "bob@shop.example") != "None"

    def test_refuses_what_names_nobody(self, people: Commands) -> None:
        forget = ("forget", "--workspace", "shop", "--yes")

        assert "by id or by --email" in people.refusal(*forget)
        assert "nobody has" in people.refusal(*forget, "--email", "eve@shop.example")
        assert "is not an e-mail" in people.refusal(*forget, "--email", "eve")

    def test_says_what_went(self, people: Commands) -> None:
        said = people.run("forget", "--workspace", "shop", "--email", "ada@shop.example", "--yes")

        assert "is forgotten" in said
        assert "1 history" in said


class TestReadmit:
    def test_lets_somebody_come_back(self, people: Commands) -> None:
        people.json("forget", "--workspace", "shop", "--email", "ada@shop.example")
        readmit = ("readmit", "--workspace", "shop", "--email", "ada@shop.example")

        assert people.json(*readmit) == {"readmitted": True}
        assert people.run(*readmit).strip() == "was not kept out"


class TestRebuild:
    def test_counts_again_and_puts_right(self, people: Commands, url: str) -> None:
        rebuild = ("rebuild", "--workspace", "shop")
        assert people.json(*rebuild)["wrong"] == 0
        tell(url, "UPDATE node_rollups SET added = added + 1")

        assert people.json(*rebuild, "--check", status=1)["wrong"] > 0
        assert people.json(*rebuild)["wrong"] > 0
        assert people.json(*rebuild, "--check") == {"events": 0, "wrong": 0}

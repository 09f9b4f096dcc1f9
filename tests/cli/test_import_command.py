"""`onefold import` and `export` as people run them: nothing lost, nothing doubled."""

import csv
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from onefold.store.embedded import acquire
from tests.cli.serving import COMMAND, environment, run_command

NODES = 12
PLAN = """
workspaces:
  - slug: shop
    nodes:
"""
HEADER = "email,first_name,last_name,birth_date\n"


@dataclass(frozen=True)
class Place:
    """A data directory whose PostgreSQL stays up, with one node."""

    data: Path
    folder: Path
    node: str

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(self, *arguments: str, status: int = 0) -> dict[str, Any]:
        place = ("--data", str(self.data), "--node", self.node, "--json")
        ended = run_command("import", *arguments, *place, status=status)
        result: dict[str, Any] = json.loads(ended.stdout) if status == 0 else {}
        return result

    def said(self, *arguments: str) -> str:
        """What a refused import says."""
        place = ("--data", str(self.data), "--node", self.node)
        return run_command("import", *arguments, *place, status=2).stderr

    def exported(self) -> list[dict[str, str]]:
        place = ("--data", str(self.data), "--node", self.node)
        text = run_command("export", *place).stdout
        rows = [
            {name: value for name, value in row.items() if name not in ("version", "updated_at")}
            for row in csv.DictReader(text.splitlines())
        ]
        return sorted(rows, key=lambda row: row["contact.email"])


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    """A data directory whose PostgreSQL stays up, and nodes of which each test takes one."""
    folder = tmp_path_factory.mktemp("imports")
    entries = [
        f"      - {{name: n{number}, unique: {{properties: [contact.email]}}}}"
        for number in range(NODES)
    ]
    plan = folder / "plan.yaml"
    plan.write_text(PLAN + "\n".join(entries), "utf-8")
    with acquire(folder / "data") as lease:
        place = ("--data", str(lease.data_dir))
        run_command("apply", str(plan), *place)
        listed = run_command("nodes", "--workspace", "shop", *place, "--json").stdout
        yield lease.data_dir, [one["id"] for one in json.loads(listed)]


@pytest.fixture
def place(nodes: tuple[Path, list[str]], tmp_path: Path) -> Place:
    data, free = nodes
    return Place(data, tmp_path, free.pop())


def _people(first: int, last: int) -> str:
    return "".join(
        f"p{number}@shop.example,Ada,Byron{number},1985-12-10\n" for number in range(first, last)
    )


class TestImport:
    def test_of_the_same_file_twice_changes_nothing(self, place: Place) -> None:
        file = place.write("people.csv", HEADER + _people(0, 50))

        first = place.load(str(file))
        second = place.load(str(file))

        assert (first["created"], first["refused"]) == (50, 0)
        assert (second["created"], second["merged"], second["unchanged"]) == (0, 0, 50)

    def test_rehearsed_says_the_same_and_stores_nothing(self, place: Place) -> None:
        file = place.write("people.csv", HEADER + _people(0, 20) + _people(0, 5))
        verdicts = place.folder / "verdicts.csv"

        rehearsed = place.load(str(file), "--dry-run", "--verdicts", str(verdicts))
        nobody = place.exported()
        stored = place.load(str(file))

        assert nobody == []
        for word in ("rows", "created", "merged", "unchanged", "refused"):
            assert rehearsed[word] == stored[word]
        with verdicts.open(newline="", encoding="utf-8") as written:
            assert len(list(csv.DictReader(written))) == 25

    def test_gives_a_broken_row_its_verdict_and_goes_on(self, place: Place) -> None:
        rows = (
            "ada@shop.example,Ada,Byron,1985-12-10\n"
            "bob@shop.example,Bob,White,not a date\n"
            "too,few\n"
            f"cleo@shop.example,{'x' * 300},Long,1985-12-10\n"
            "nul@shop.example,N\0l,Byte,1985-12-10\n"
            ",No,Mail,1985-12-10\n"
            "dan@shop.example,Dan,Last,1985-12-10\n"
        )
        file = place.write("people.csv", b"\xef\xbb\xbf" + (HEADER + rows).encode())

        result = place.load(str(file))

        assert (result["created"], result["refused"]) == (2, 5)
        assert [row["contact.email"] for row in place.exported()] == [
            "ada@shop.example",
            "dan@shop.example",
        ]

    def test_refuses_a_column_that_goes_nowhere_before_it_stores_anything(
        self, place: Place
    ) -> None:
        file = place.write("people.csv", "email,frist_name\nada@shop.example,Ada\n")

        said = place.said(str(file))

        assert "frist_name" in said
        assert "first_name" in said
        assert place.exported() == []

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", b"\x89PNG\r\n\x1a\n"])
    def test_refuses_a_file_that_is_no_text(self, place: Place, content: bytes) -> None:
        file = place.write("people.csv", content)

        assert "Traceback" not in place.said(str(file))

    def test_killed_goes_on_where_it_was_and_ends_as_if_it_had_not_been(self, place: Place) -> None:
        file = place.write("people.csv", HEADER + _people(0, 9000))
        arguments = ("import", str(file), "--node", place.node, "--data", str(place.data))

        for _ in range(2):
            running = subprocess.Popen(
                [*COMMAND, *arguments],
                env=environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(2.5)
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
        finished = place.load(str(file))

        exported = place.exported()
        assert finished["rows"] == 9000
        assert finished["refused"] == 0
        assert len(exported) == 9000
        assert len({row["contact.email"] for row in exported}) == 9000

    def test_taken_back_leaves_what_was_there_before(self, place: Place) -> None:
        before = place.write("before.csv", HEADER + _people(0, 10))
        other = HEADER + "".join(
            f"p{number}@shop.example,Grace,Byron{number},1985-12-10\n" for number in range(20)
        )
        place.load(str(before))
        kept = place.exported()

        result = place.load(str(place.write("other.csv", other)))
        changed = place.exported()
        taken_back = place.load("--revert", result["job"])
        again = place.load("--revert", result["job"])

        assert (result["created"], result["merged"]) == (10, 10)
        assert {row["name.given"] for row in changed} == {"Grace"}
        assert (taken_back["removed"], taken_back["restored"]) == (10, 10)
        assert place.exported() == kept
        assert again["problems"] == []


class TestExport:
    def test_can_be_imported_again_and_changes_nothing(self, place: Place) -> None:
        place.load(str(place.write("people.csv", HEADER + _people(0, 30))))
        where = ("--data", str(place.data), "--node", place.node)
        for form in ("csv", "jsonl"):
            out = place.folder / f"people-out.{form}"
            run_command("export", *where, "--format", form, "--out", str(out))

            result = place.load(str(out))

            assert (result["rows"], result["unchanged"]) == (30, 30)

"""An import that is killed goes on exactly where its last commit was, wherever that is."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Commands
from tests.cli.databases import ask, rows
from tests.importing import people_csv

ROWS = 4_000
KILLS = 2
CRM = """
workspaces:
  - slug: killed
    nodes:
      - name: killed
        unique: {properties: [external_id]}
"""
STORED = (
    "SELECT count(*), count(DISTINCT profile ->> 'external_id'), max(version)"
    " FROM customers WHERE node_id::text = $1"
)


@pytest.fixture(scope="module")
def node(commands: Commands, folder: Path, url: str) -> str:
    commands.apply(folder, CRM)
    return str(ask(url, "SELECT node_id FROM nodes WHERE name = 'killed'"))


def start(commands: Commands, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "onefold", *arguments, *commands.place, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )


def finish(commands: Commands, *arguments: str) -> dict[str, Any]:
    out, err = start(commands, *arguments).communicate(timeout=100)
    assert out, err
    told: dict[str, Any] = json.loads(out)
    return told


def wait_for_rows(url: str, node: str, wanted: int, child: subprocess.Popen[str]) -> bool:
    """False when the import came to its end before that."""
    while child.poll() is None:
        if rows(url, STORED, node)[0][0] >= wanted:
            return True
        time.sleep(0.02)
    return False


class TestAKilledImport:
    def test_goes_on_and_stores_every_row_once(
        self, commands: Commands, folder: Path, url: str, node: str
    ) -> None:
        file = folder / "people.csv"
        file.write_text(people_csv(ROWS), encoding="utf-8")
        chance = random.Random(7)  # noqa: S311 - a test's dice
        killed = 0
        for number in range(1, KILLS + 1):
            child = start(commands, "import", str(file), "--node", node)
            if wait_for_rows(url, node, number * ROWS // (KILLS + 2), child):
                time.sleep(chance.random() * 0.1)
                child.send_signal(signal.SIGKILL)
                killed += 1
            child.communicate()

        told = finish(commands, "import", str(file), "--node", node)

        assert killed > 0
        assert told["rows"] == told["created"] == ROWS
        assert rows(url, STORED, node) == [(ROWS, ROWS, 1)]
        assert ask(url, "SELECT count(DISTINCT job_id) FROM job_batches") == 1

    def test_is_taken_back_exactly_even_when_that_is_killed_too(
        self, commands: Commands, folder: Path, url: str, node: str
    ) -> None:
        file = folder / "others.csv"
        text = people_csv(ROWS).replace("crm-", "other-").replace("person.", "other.")
        file.write_text(text, encoding="utf-8")
        before = rows(url, STORED, node)
        job = finish(commands, "import", str(file), "--node", node)["job"]

        child = start(commands, "import", "--revert", job, "--node", node)
        gone = "SELECT count(*) FROM customers WHERE deleted_at IS NOT NULL"
        while child.poll() is None and ask(url, gone) < ROWS // 3:
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        told = finish(commands, "import", "--revert", job, "--node", node)

        assert (told["removed"], told["kept"]) == (ROWS, 0)
        living = STORED + " AND deleted_at IS NULL"
        assert rows(url, living, node) == before
        assert ask(url, "SELECT count(*) FROM identifiers WHERE value LIKE 'other%'") == 0


class TestTwoImportsOfOneFile:
    def test_are_one_import_and_a_sentence(
        self, commands: Commands, folder: Path, node: str
    ) -> None:
        file = folder / "both.csv"
        text = people_csv(2 * ROWS).replace("crm-", "both-")
        file.write_text(text, encoding="utf-8")

        children = [start(commands, "import", str(file), "--node", node) for _ in range(2)]
        ended = [(child.communicate(timeout=100), child.returncode) for child in children]

        winners = [json.loads(out) for (out, _), status in ended if status == 0]
        sentences = [err for (_, err), status in ended if status == 2]
        assert winners[0]["created"] == 2 * ROWS
        assert len(sentences) == 1
        assert "another process is importing this file" in sentences[0]

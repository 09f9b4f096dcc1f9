"""`onefold import` and `onefold export`, as a user calls them."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.commands import Commands
from tests.cli.databases import ask, rows

CRM = """
workspaces:
  - slug: crm
    nodes:
      - name: people
        unique: {properties: [external_id]}
      - name: anybody
"""
PEOPLE = "external_id,first_name,email\n1,Ada,ada@shop.example\n2,Bob,bob@shop.example\n3\n"
ORDERS = "external_id,date,total\n1,2026-03-02,12.5\n9,2026-03-02,1\n"
ORDER_MAP = """
events:
  columns:
    total: {to: properties.amount.total, type: number}
  set: {type: completedOrder, context: ECOMMERCE}
"""


@pytest.fixture(scope="module")
def crm(commands: Commands, folder: Path) -> Commands:
    commands.apply(folder, CRM)
    return commands


@pytest.fixture(scope="module")
def node(crm: Commands) -> str:
    _, url, *_ = crm.place
    return str(ask(url, "SELECT node_id FROM nodes WHERE name = 'people'"))


def write(folder: Path, name: str, text: str | bytes) -> str:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(file)


class TestImport:
    def test_tells_in_json_what_became_of_the_rows(
        self, crm: Commands, node: str, folder: Path
    ) -> None:
        file = write(folder, "people.csv", PEOPLE)

        told = crm.json("import", file, "--node", node)
        again = crm.json("import", file, "--node", node)

        counts = ("rows", "created", "merged", "unchanged", "refused", "events")
        assert [told[name] for name in counts] == [3, 2, 0, 0, 1, 0]
        assert told["problems_by_kind"] == {"columns": 1}
        assert told["problems"] == [
            {
                "row": 3,
                "kind": "columns",
                "column": "",
                "reason": "the row has 1 columns, the header 3",
            }
        ]
        assert set(told) >= {"job", "seconds", "rows_per_second"}
        assert [again[name] for name in counts] == [3, 0, 0, 2, 1, 0]

    def test_rehearses_and_writes_a_line_for_each_row(
        self, crm: Commands, node: str, folder: Path, url: str
    ) -> None:
        file = write(folder, "more.csv", "external_id,first_name\nr1,Ida\nr1,Ina\n,Jo\n")
        written = folder / "verdicts.csv"
        before = ask(url, "SELECT count(*) FROM jobs")

        told = crm.json("import", file, "--node", node, "--dry-run", "--verdicts", str(written))

        assert (told["job"], told["dry_run"], told["created"], told["merged"]) == (None, True, 1, 1)
        with written.open(encoding="utf-8", newline="") as lines:
            assert list(csv.reader(lines)) == [
                ["row", "verdict", "id", "column", "reason"],
                ["1", "created", "", "", ""],
                ["2", "merged", "", "", ""],
                ["3", "refused", "", "external_id", "unique customer property is required"],
            ]
        assert ask(url, "SELECT count(*) FROM jobs") == before
        assert ask(url, "SELECT count(*) FROM identifiers WHERE value = 'r1'") == 0

    def test_says_on_standard_error_what_it_does(
        self, crm: Commands, node: str, folder: Path
    ) -> None:
        file = write(folder, "quiet.csv", "external_id,first_name\nq1,Ida\n")

        assert crm.run("import", file, "--node", node) == ""

    def test_takes_events_with_a_map(self, crm: Commands, node: str, folder: Path) -> None:
        people = write(folder, "people.csv", PEOPLE)
        crm.run("import", people, "--node", node)
        file, rules = write(folder, "orders.csv", ORDERS), write(folder, "map.yaml", ORDER_MAP)

        told = crm.json("import", file, "--node", node, "--map", rules)

        assert (told["events"], told["refused"]) == (1, 1)
        assert told["problems"][0]["column"] == "external_id"

    def test_takes_an_import_back(self, crm: Commands, node: str, folder: Path, url: str) -> None:
        file = write(folder, "gone.csv", "external_id\ng1\ng2\n")
        job = crm.json("import", file, "--node", node)["job"]

        told = crm.json("import", "--revert", job, "--node", node)

        assert (told["job"], told["removed"], told["kept"]) == (job, 2, 0)
        states = rows(url, "SELECT state FROM jobs WHERE job_id::text = $1", job)
        assert states == [("REVERTED",)]

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "the file is empty"),
            (b"\n \n", "the file is empty"),
            (b"\x1f\x8b\x08\0\0\0", "the file is a gzip archive: unpack it first"),
            (b"PK\x03\x04" + bytes(40), "a spreadsheet: save it as CSV first"),
            ("external_id\n1\n".encode("utf-16"), "in UTF-16: save it as UTF-8"),
            (bytes(range(256)) * 4, "the file is not text"),
            (b"external_id\r1\r2\r", "end with CR alone"),
            (b"external_id,external_id\n1,2\n", "stands twice in the file"),
            (b"external_id,\n1,2\n", "column 2: has no name"),
            (b"extrenal_id\n1\n", "extrenal_id: is not mapped; did you mean external_id"),
            (b'"external_id\n1\n', "a quote that is never closed"),
        ],
    )
    def test_refuses_a_file_that_it_cannot_read(
        self, crm: Commands, node: str, folder: Path, content: bytes, words: str
    ) -> None:
        file = write(folder, "bad.csv", content)

        assert words in crm.refusal("import", file, "--node", node)

    def test_refuses_what_makes_no_sense(self, crm: Commands, node: str, folder: Path) -> None:
        file = write(folder, "people.csv", PEOPLE)
        rules = write(folder, "broken.yaml", "customers: {colums: {}}\n")
        unreadable = write(folder, "worse.yaml", "customers: [\n")
        nobody = "01a20000-0000-7000-8000-000000000000"

        assert "No such file" in crm.refusal("import", "nowhere.csv", "--node", node)
        assert "node not found" in crm.refusal("import", file, "--node", nobody)
        assert "did you mean columns?" in crm.refusal(
            "import", file, "--node", node, "--map", rules
        )
        assert "worse.yaml" in crm.refusal("import", file, "--node", node, "--map", unreadable)
        assert "name a FILE" in crm.refusal("import", "--node", node)
        assert "job not found" in crm.refusal("import", "--revert", nobody, "--node", node)

    def test_refuses_a_node_that_recognises_nobody(
        self, crm: Commands, folder: Path, url: str
    ) -> None:
        file = write(folder, "people.csv", PEOPLE)
        node = str(ask(url, "SELECT node_id FROM nodes WHERE name = 'anybody'"))

        told = crm.refusal("import", file, "--node", node)

        assert "node anybody has no unique properties" in told


class TestExport:
    def test_writes_a_file_that_import_takes_back(
        self, crm: Commands, node: str, folder: Path
    ) -> None:
        crm.run("import", write(folder, "people.csv", PEOPLE), "--node", node)
        out = folder / "out.csv"

        crm.run("export", "--node", node, "--out", str(out))
        told = crm.json("import", str(out), "--node", node)

        assert told["rows"] == told["unchanged"] >= 2
        assert told["refused"] == 0

    def test_writes_to_standard_output_without_a_file(
        self, crm: Commands, node: str, folder: Path
    ) -> None:
        crm.run("import", write(folder, "people.csv", PEOPLE), "--node", node)

        lines = crm.run("export", "--node", node, "--format", "jsonl").splitlines()

        assert "1" in {json.loads(line)["external_id"] for line in lines}

    def test_refuses_a_node_that_there_is_not(self, crm: Commands) -> None:
        nobody = "01a20000-0000-7000-8000-000000000000"

        assert "node not found" in crm.refusal("export", "--node", nobody)

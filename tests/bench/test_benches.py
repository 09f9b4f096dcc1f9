"""Every benchmark from the command line, on tiny sizes; its figures mean nothing here."""

import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from onefold.bench.benches import BENCHES
from onefold.cli.bench import bench

app = typer.Typer()
app.command()(bench)

SIZES = {"ingest": 50, "read": 50, "upsert": 50, "import": 2000, "search": 500, "rollups": 2000}
SLOW = pytest.mark.slow


def run_bench(name: str) -> dict[str, Any]:
    arguments = [name, "--json", "--seconds", "0.3", "--repeats", "1", "--rows", str(SIZES[name])]
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    (report,) = json.loads(done.stdout)["benches"]
    assert report["bench"] == name
    return dict(report)


class TestBench:
    def test_stores_counts_and_announces_what_it_answered(self) -> None:
        report = run_bench("ingest")

        (case,) = report["cases"]
        assert case["ours"]["failed"] == 0
        assert case["floor"]["failed"] == 0
        assert case["ratio"] > 0
        assert report["facts"]["answered"] == report["facts"]["stored"] > 0
        met = {target["what"]: target["meets"] for target in report["targets"]}
        assert met["answered but not stored"]
        assert met["stored but not counted"]
        assert met["stored but not announced"]

    @pytest.mark.parametrize("name", [pytest.param(name, marks=SLOW) for name in BENCHES])
    def test_runs_without_a_failed_request(self, name: str) -> None:
        report = run_bench(name)

        assert report["cases"]
        for case in report["cases"]:
            assert case["ours"]["per_second"] > 0
            assert case["ours"]["failed"] == 0
            assert case["floor"] is None or case["floor"]["failed"] == 0

    @SLOW
    def test_of_rollups_finds_the_figures_exact(self) -> None:
        report = run_bench("rollups")

        met = {target["what"]: target["meets"] for target in report["targets"]}
        assert met["counters that differ from a recount"]
        assert met["events counted again"]
        assert met["events in the figure of the year"]

    def test_refuses_a_name_that_is_none(self) -> None:
        done = CliRunner().invoke(app, ["nothing"])

        assert done.exit_code == 2

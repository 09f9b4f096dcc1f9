"""What a benchmark reports, as JSON and as a table."""

import json
from io import StringIO

from rich.console import Console

from onefold.bench.figures import Measured
from onefold.bench.report import (
    Machine,
    Report,
    case_of,
    encode_reports,
    render_reports,
    target_of,
)


def machine_with(synchronous_commit: str = "on") -> Machine:
    return Machine(2, "3.11.7", "0.1.0", "18.6", synchronous_commit, "on", "on", "256MB")


def runs_of(*rates: int, failed: int = 0) -> list[Measured]:
    return [Measured(rate, 1.0, 5.0, 9.0, failed) for rate in rates]


def report_with(*, ratio_min: float = 0.35, failed: int = 0) -> Report:
    ours, floors = runs_of(400, 300, 500, failed=failed), runs_of(1000, 1000, 1000)
    case = case_of("POST events", ours, "bare", floors)
    targets = (target_of("ratio", case.ratio, "at_least", ratio_min),)
    return Report("ingest", "events", (case,), targets, {"answered": 1200})


class TestCaseOf:
    def test_takes_the_median_of_the_pairwise_ratios(self) -> None:
        case = case_of("x", runs_of(400, 300, 900), "bare", runs_of(1000, 500, 1000))

        assert case.ratios == (0.4, 0.6, 0.9)
        assert case.ratio == 0.6

    def test_has_no_ratio_without_a_floor(self) -> None:
        case = case_of("x", runs_of(400), "")

        assert case.floor is None
        assert case.ratio is None


class TestTargetOf:
    def test_holds_a_figure_against_its_bound(self) -> None:
        assert target_of("x", 0.35, "at_least", 0.35).meets
        assert not target_of("x", 0.34, "at_least", 0.35).meets
        assert target_of("x", 15.0, "at_most", 15).meets
        assert not target_of("x", 15.1, "at_most", 15).meets
        assert target_of("x", 0, "equal", 0).meets
        assert not target_of("x", -1, "equal", 0).meets

    def test_is_not_met_by_a_figure_that_could_not_be_had(self) -> None:
        assert not target_of("x", None, "at_most", 15).meets


class TestReport:
    def test_meets_when_every_target_does_and_nothing_failed(self) -> None:
        assert report_with().meets
        assert not report_with(ratio_min=0.5).meets
        assert not report_with(failed=1).meets


class TestEncodeReports:
    def test_is_one_object(self) -> None:
        document = json.loads(encode_reports(machine_with(), [report_with()]))

        assert set(document) == {"machine", "durable", "benches", "meets"}
        assert document["machine"]["synchronous_commit"] == "on"
        assert document["durable"] is True
        assert document["meets"] is True
        (bench,) = document["benches"]
        assert set(bench) == {"bench", "about", "cases", "targets", "facts", "meets"}
        assert bench["meets"] is True
        assert bench["facts"] == {"answered": 1200}
        assert bench["targets"] == [
            {"what": "ratio", "bound": "at_least", "target": 0.35, "reached": 0.4, "meets": True}
        ]
        (case,) = bench["cases"]
        assert case["ratio"] == 0.4
        assert case["ratios"] == [0.4, 0.3, 0.5]
        assert case["ours"] == {
            "per_second": 400.0,
            "p50_ms": 5.0,
            "p99_ms": 9.0,
            "failed": 0,
            "generator_us": None,
            "server_us": None,
            "database_us": None,
        }
        assert case["floor"]["per_second"] == 1000.0

    def test_meets_nothing_without_durability(self) -> None:
        document = json.loads(encode_reports(machine_with("off"), [report_with()]))

        assert document["durable"] is False
        assert document["meets"] is False


class TestRenderReports:
    def test_shows_figures_targets_and_durability(self) -> None:
        console = Console(file=StringIO(), width=120)

        console.print(render_reports(machine_with(), [report_with(ratio_min=0.5)]))

        text = console.file.getvalue()  # type: ignore[attr-defined] # a StringIO
        assert "synchronous_commit on" in text
        assert "POST events" in text
        assert "0.40" in text
        assert "MISSES  ratio: 0.40, at least 0.50" in text
        assert "answered: 1200" in text

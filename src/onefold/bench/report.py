"""What a benchmark reports: one JSON object for machines, a small table for people."""

from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec
from rich.console import Group
from rich.table import Table
from rich.text import Text

from onefold.bench.figures import Measured, median_of, pairwise_ratios

WHOLE_FROM = 100
"""Rates from here on are shown without decimals."""

Fact = bool | int | float | str
Bound = Literal["at_least", "at_most", "equal"]


class Machine(msgspec.Struct, frozen=True):
    """Where the figures come from, and that nothing was bought with durability."""

    cores: int
    python: str
    onefold: str
    postgresql: str
    synchronous_commit: str
    fsync: str
    full_page_writes: str
    shared_buffers: str

    @property
    def durable(self) -> bool:
        return (self.synchronous_commit, self.fsync, self.full_page_writes) == ("on", "on", "on")


class Figures(msgspec.Struct, frozen=True):
    """The medians of all runs of one side."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int
    generator_us: float | None = None
    server_us: float | None = None
    database_us: float | None = None


class Case(msgspec.Struct, frozen=True):
    """One thing measured on both sides; `ratio` is the median of the pairwise `ratios`."""

    name: str
    floor_name: str
    ours: Figures
    floor: Figures | None = None
    ratio: float | None = None
    ratios: tuple[float, ...] = ()


class Target(msgspec.Struct, frozen=True):
    """A promise, and whether this run keeps it."""

    what: str
    bound: Bound
    target: float
    reached: float
    meets: bool


class Report(msgspec.Struct, frozen=True):
    """One benchmark."""

    bench: str
    about: str
    cases: tuple[Case, ...]
    targets: tuple[Target, ...] = ()
    facts: dict[str, Fact] = {}

    @property
    def meets(self) -> bool:
        sides = [side for case in self.cases for side in (case.ours, case.floor) if side]
        return all(one.meets for one in self.targets) and not any(side.failed for side in sides)


def case_of(
    name: str, ours: Sequence[Measured], floor_name: str, floors: Sequence[Measured] = ()
) -> Case:
    """Both sides of a comparison by operations per second; the runs stand in pairs."""
    if not floors:
        return Case(name, floor_name, figures_of(ours))
    ratios = pairwise_ratios([run.per_second for run in ours], [run.per_second for run in floors])
    return Case(
        name,
        floor_name,
        figures_of(ours),
        figures_of(floors),
        median(ratios) if ratios else None,
        tuple(ratios),
    )


def figures_of(runs: Sequence[Measured]) -> Figures:
    one = median_of(runs)
    return Figures(
        median(run.per_second for run in runs),
        one.p50_ms,
        one.p99_ms,
        one.failed,
        one.generator_us,
        one.server_us,
        one.database_us,
    )


def target_of(what: str, reached: float | None, bound: Bound, target: float) -> Target:
    """A figure that could not be had does not meet its target."""
    value = 0.0 if reached is None else reached
    meets = {
        "at_least": value >= target,
        "at_most": value <= target,
        "equal": value == target,
    }
    return Target(what, bound, target, value, meets[bound] and reached is not None)


def encode_reports(machine: Machine, reports: Sequence[Report]) -> bytes:
    """One JSON object: the machine, every report with its `meets`, and `meets` of all."""
    document = {
        "machine": machine,
        "durable": machine.durable,
        "benches": [{**msgspec.to_builtins(one), "meets": one.meets} for one in reports],
        "meets": machine.durable and all(one.meets for one in reports),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def render_reports(machine: Machine, reports: Sequence[Report]) -> Group:
    """The tables that a person reads."""
    said = Text(
        f"PostgreSQL {machine.postgresql}, synchronous_commit {machine.synchronous_commit}, "
        f"fsync {machine.fsync}, {machine.cores} cores, Python {machine.python}"
    )
    return Group(said, *(part for one in reports for part in _render(one)))


def _render(report: Report) -> list[Table | Text]:
    table = Table(title=f"{report.bench}: {report.about}", title_justify="left")
    table.add_column("case")
    table.add_column("", style="dim")
    for heading in ("ops/s", "p50 ms", "p99 ms", "server µs", "database µs", "failed", "ratio"):
        table.add_column(heading, justify="right")
    for case in report.cases:
        ratio = "" if case.ratio is None else f"{case.ratio:.2f}"
        table.add_row(case.name, "onefold", *_cells(case.ours), ratio)
        if case.floor is not None:
            table.add_row("", case.floor_name, *_cells(case.floor), "")
    return [table, *_render_targets(report), *_render_facts(report)]


def _cells(figures: Figures) -> tuple[str, ...]:
    digits = 0 if figures.per_second >= WHOLE_FROM else 1
    return (
        f"{figures.per_second:,.{digits}f}",
        f"{figures.p50_ms:.2f}",
        f"{figures.p99_ms:.2f}",
        _microseconds(figures.server_us),
        _microseconds(figures.database_us),
        str(figures.failed),
    )


def _microseconds(each: float | None) -> str:
    return "" if each is None else f"{each:,.0f}"


def _render_targets(report: Report) -> list[Text]:
    words = {"at_least": "at least", "at_most": "at most", "equal": "exactly"}
    return [
        Text(
            f"  {'meets' if one.meets else 'MISSES'}  {one.what}: {one.reached:,.2f}, "
            f"{words[one.bound]} {one.target:,.2f}",
            style="green" if one.meets else "red",
        )
        for one in report.targets
    ]


def _render_facts(report: Report) -> list[Text]:
    return [Text(f"  {name}: {value}", style="dim") for name, value in report.facts.items()]

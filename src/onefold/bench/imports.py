"""`onefold import` of a file of customers; against COPY of the rows that it stored."""

import asyncio
import csv
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

from onefold.bench.copies import copy_customers, copy_everything
from onefold.bench.figures import Measured
from onefold.bench.people import customer_values
from onefold.bench.place import Place, Shop, Wanted, open_shop
from onefold.bench.processes import peak_memory_of
from onefold.bench.report import Report, case_of, target_of
from onefold.bench.statements import statement

CUSTOMERS = 100_000
REPEATS_MAX = 3
"""An import takes its own time, whatever --seconds says."""

TIMES_COPY_MAX = 15
RESIDENT_MB_MAX = 400
FLOOR = "COPY of the stored customers"
LOOK_SECONDS = 0.02
LOG_CHARACTERS_MAX = 2000
MEGABYTE = 1_000_000
_MILLISECOND = 1000


class Finished(NamedTuple):
    """A command that has ended: how long it took and how much memory it had at most."""

    seconds: float
    resident_mb: float


class ImportFailed(Exception):
    """The import ended in an error, or stored another number of customers than the file has."""


async def measure_import(place: Place, wanted: Wanted) -> Report:
    count = wanted.rows or CUSTOMERS
    file = write_customers(place.folder / "customers.csv", count)
    finished: list[Finished] = []
    copied: list[float] = []
    copied_all: list[float] = []
    for number in range(min(wanted.repeats, REPEATS_MAX)):
        shop = await open_shop(place.context, f"import-{number}")
        finished.append(await _import(place, shop, file, count))
        copied.append(await copy_customers(place, shop))
        copied_all.append(await copy_everything(place, shop))
        wanted.say(f"{count:,} customers in {finished[-1].seconds:.1f} s, COPY {copied[-1]:.1f} s")
    ours = [_run(count, one.seconds) for one in finished]
    case = case_of(
        f"import of {count:,} customers", ours, FLOOR, [_run(count, one) for one in copied]
    )
    whole = case_of(
        "the same, every row of every table",
        ours,
        "COPY of all rows written",
        [_run(count, one) for one in copied_all],
    )
    targets = (
        target_of("times the time of COPY", _inverse(case.ratio), "at_most", TIMES_COPY_MAX),
        target_of(
            "memory of the import, MB",
            max(one.resident_mb for one in finished),
            "at_most",
            RESIDENT_MB_MAX,
        ),
    )
    times = _inverse(whole.ratio) or 0.0
    facts = {"times the time of COPY of all rows": round(times, 1)}
    return Report("import", "a file of customers", (case, whole), targets, dict(facts))


def write_customers(file: Path, count: int) -> Path:
    """A CSV file whose columns are paths of the record."""
    with file.open("w", encoding="utf-8", newline="") as written:
        rows = csv.writer(written)
        rows.writerow(customer_values(0))
        rows.writerows(customer_values(number).values() for number in range(count))
    return file


def import_command(place: Place, shop: Shop, file: Path) -> list[str]:
    data = str(place.settings.data_dir)
    return ["import", str(file), "--data", data, "--node", str(shop.node_id)]


async def _import(place: Place, shop: Shop, file: Path, count: int) -> Finished:
    command = [sys.executable, "-m", "onefold", *import_command(place, shop, file)]
    finished = await asyncio.to_thread(run_measured, command, place.folder / "import.log")
    (row,) = await place.read_sql(statement("count_customers"), shop.workspace_id)
    if row["customers"] != count:
        raise ImportFailed(f"{row['customers']} customers of {count} are stored")
    return finished


def run_measured(command: Sequence[str], log: Path) -> Finished:
    """Runs a command to its end and looks at it meanwhile."""
    before = perf_counter()
    most = 0
    with log.open("wb") as written:
        running = subprocess.Popen(command, stdout=written, stderr=written)  # noqa: S603 - our own
        while running.poll() is None:
            most = max(most, peak_memory_of(running.pid))
            sleep(LOOK_SECONDS)
    seconds = perf_counter() - before
    if running.returncode != 0:
        raise ImportFailed(log.read_text(errors="replace")[-LOG_CHARACTERS_MAX:])
    return Finished(seconds, most / MEGABYTE)


def _run(count: int, seconds: float) -> Measured:
    """One import is one run; a row has no latency of its own, so each gets its share."""
    each = seconds / count * _MILLISECOND
    return Measured(count, seconds, each, each)


def _inverse(ratio: float | None) -> float | None:
    return 1 / ratio if ratio else None

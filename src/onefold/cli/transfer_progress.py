"""How an import shows where it is: a bar on a terminal, else plain lines; a file of verdicts."""

import csv
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from onefold.actions.imports.batches import ImportOrder
from onefold.actions.imports.opening import Begun
from onefold.actions.imports.ordering import describe_mapping
from onefold.cli.options import refused
from onefold.model.ids import NIL
from onefold.model.imports.reverting import RevertTally
from onefold.model.imports.verdicts import PROBLEMS_KEPT_MAX, RowVerdict, Tally

PLAIN_SECONDS = 5.0
"""How often a line is written where there is no terminal."""

VERDICT_COLUMNS = ("row", "verdict", "id", "column", "reason")


class Display:
    """Says on standard error how far it is; quiet when the caller wants JSON alone."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet, highlight=False)
        self._bar: Progress | None = None
        self._task = TaskID(0)
        self._said = monotonic()

    def say(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)

    def show_mapping(self, order: ImportOrder) -> None:
        for column, path in describe_mapping(order):
            self.say(f"  {column} → {path}")

    def begin(self, begun: Begun) -> None:
        if begun.resumed:
            self.say(f"going on with job {begun.job.id}")
        if begun.finished_before is not None:
            self.say(
                f"this file was imported by job {begun.finished_before}; going through it again"
            )

    def start(self, file: Path, what: str) -> None:
        if not self._console.is_terminal or self._console.quiet:
            return
        columns = (TextColumn(what), BarColumn(), TextColumn("{task.fields[said]}"))
        self._bar = Progress(*columns, TimeRemainingColumn(), console=self._console)
        self._task = self._bar.add_task(what, total=file.stat().st_size, said="")
        self._bar.start()

    def advance(self, tally: Tally) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=tally.position, said=_words(tally))
        else:
            self._say_sometimes(_words(tally))

    def finish(self, tally: Tally, seconds: float, ending: str) -> None:
        self.stop()
        rate = f"{tally.rows / seconds:,.0f} rows a second" if seconds else ""
        self.say(f"{_words(tally)}; {rate}; {ending}")
        for kind, many in tally.problems.items():
            self.say(f"  {kind}: {many:,}")

    def advance_revert(self, tally: RevertTally) -> None:
        self._say_sometimes(_revert_words(tally))

    def finish_revert(self, tally: RevertTally) -> None:
        self.say(_revert_words(tally))
        for customer, why in tally.problems:
            self.say(f"  {customer} {why}")

    def count(self, rows: int) -> None:
        self._say_sometimes(f"{rows:,} rows")

    def stop(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _say_sometimes(self, line: str) -> None:
        now = monotonic()
        if now - self._said >= PLAIN_SECONDS:
            self._said = now
            self.say(line)


def _words(tally: Tally) -> str:
    counts = {
        "created": tally.created,
        "merged": tally.merged,
        "unchanged": tally.unchanged,
        "recorded": tally.events,
        "deleted": tally.deleted,
        "refused": tally.refused,
    }
    told = ", ".join(f"{many:,} {word}" for word, many in counts.items() if many)
    return f"{tally.rows:,} rows" + (f": {told}" if told else "")


def _revert_words(tally: RevertTally) -> str:
    return (
        f"{tally.removed:,} customers removed, {tally.restored:,} given their old values back,"
        f" {tally.events:,} events deleted, {tally.kept:,} changed since and kept"
    )


class VerdictFile:
    """Writes a line for every row, and remembers the first problems for the summary."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None
        self.problems: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                self._file = self._path.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise refused(f"{self._path}: {error.strerror or error}") from error
            csv.writer(self._file).writerow(VERDICT_COLUMNS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, verdicts: Sequence[RowVerdict]) -> None:
        if self._file is not None:
            csv.writer(self._file).writerows(map(_cells, verdicts))
        for one in verdicts:
            if one.problem is not None and len(self.problems) < PROBLEMS_KEPT_MAX:
                self.problems.append(one.problem._asdict())


def _cells(one: RowVerdict) -> tuple[str, ...]:
    entity = "" if one.entity_id == NIL else str(one.entity_id)
    problem = one.problem
    told = (problem.column, problem.reason) if problem else ("", "")
    return (str(one.row), one.verdict.word, entity, *told)

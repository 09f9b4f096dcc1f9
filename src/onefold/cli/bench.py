"""`onefold bench`: figures of this machine, each beside a floor measured in the same run."""

import asyncio
import os
from typing import Annotated

import typer
from rich.console import Console

from onefold.bench.benches import BENCHES, run_benches
from onefold.bench.place import Wanted
from onefold.bench.report import encode_reports, render_reports

ALL = "all"
PAGE_CHARACTERS = 132
"""How wide a table is where no terminal says it."""

CHOICES = (*BENCHES, ALL)


def bench(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(CHOICES)}.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    seconds: Annotated[float, typer.Option(min=0.2, help="Length of a run.")] = 5.0,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each side, in turns.")] = 5,
    rows: Annotated[
        int | None, typer.Option(min=1, help="Customers, or events for rollups.")
    ] = None,
) -> None:
    """Measure on a temporary PostgreSQL of its own, and print ratios to the floor of each."""
    if name not in CHOICES:
        raise typer.BadParameter(f"one of {', '.join(CHOICES)}", param_hint="NAME")
    progress = Console(stderr=True, quiet=as_json)
    wanted = Wanted(
        seconds=seconds,
        repeats=repeats,
        rows=rows,
        say=lambda line: progress.print(line, style="dim", highlight=False),
    )
    names = list(BENCHES) if name == ALL else [name]
    machine, reports = asyncio.run(run_benches(names, wanted))
    if as_json:
        typer.echo(encode_reports(machine, reports).decode())
        return
    width = None if os.isatty(1) else PAGE_CHARACTERS
    Console(width=width).print(render_reports(machine, reports))

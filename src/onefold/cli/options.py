"""Options that commands share, and how they print."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from onefold.settings import Settings, settings_from

Data = Annotated[Path | None, typer.Option("--data", help="Data directory; PostgreSQL inside.")]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database", help="Your own PostgreSQL (15 or newer), as a URL.")
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help="Key that seals fields; made when missing.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Workspace = Annotated[str, typer.Option("--workspace", help="Slug or id of the workspace.")]

errors = Console(stderr=True)


def read_settings(
    data: Path | None,
    database: str | None,
    key_file: Path | None,
    **more: Any,
) -> Settings:
    """Settings, or an end with a sentence that says what is missing."""
    try:
        return settings_from(data_dir=data, database_url=database, key_file=key_file, **more)
    except ValueError as error:
        raise refused(str(error)) from error


def refused(message: str) -> typer.Exit:
    """Prints why and gives the exception that ends the command with status 2."""
    errors.print(f"onefold: {message}", style="red", highlight=False, markup=False, soft_wrap=True)
    return typer.Exit(2)


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2, default=str))

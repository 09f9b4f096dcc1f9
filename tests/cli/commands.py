"""The command line inside the tests' own process: a second of imports less for each command."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from onefold.cli.main import application

SETTINGS = ("ONEFOLD_DATA", "ONEFOLD_DATABASE", "ONEFOLD_KEY_FILE", "ONEFOLD_POSTGRES_BIN")


class Commands:
    """Commands on one place: `--data DIR`, or `--database URL` with a key file."""

    def __init__(self, *place: str) -> None:
        self.place = place

    def run(self, *arguments: str, status: int | None = 0) -> str:
        """What a command prints; asserts how it ends, unless that is no matter (None)."""
        return self._invoke(arguments, status)[0]

    def json(self, *arguments: str, status: int | None = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", status=status))

    def refusal(self, *arguments: str) -> str:
        """The sentence of a command that cannot do what it was told."""
        return self._invoke(arguments, 2)[1]

    def apply(self, folder: Path, text: str, *arguments: str) -> Any:
        """The steps of `apply` for a file with this text."""
        return self.json("apply", str(write_yaml(folder, text)), *arguments)

    def apply_refusal(self, folder: Path, text: str) -> str:
        return self.refusal("apply", str(write_yaml(folder, text)))

    def _invoke(self, arguments: tuple[str, ...], status: int | None) -> tuple[str, str]:
        cleared: dict[str, str | None] = dict.fromkeys(SETTINGS)
        ended = CliRunner().invoke(
            application(arguments[:1]), [*arguments, *self.place], env=cleared
        )
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        assert status in (ended.exit_code, None), ended.output
        return ended.stdout, ended.stderr


def write_yaml(folder: Path, text: str) -> Path:
    file = folder / "workspaces.yaml"
    file.write_text(text, encoding="utf-8")
    return file

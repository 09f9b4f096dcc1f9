"""The `onefold` command: every command on one page.

Only the command that is asked for is loaded: all of them together take longer to load than most
take to run.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import typer

COMMANDS: Mapping[str, str] = {
    "serve": "serve:serve",
    "work": "work:work",
    "migrate": "serve:migrate_command",
    "apply": "apply:apply",
    "nodes": "nodes:nodes",
    "jobs": "jobs:jobs",
    "import": "transfer:import_file",
    "export": "transfer:export_data",
    "demo-credentials": "demo:demo_credentials",
    "doctor": "doctor:doctor",
    "rebuild": "rebuild:rebuild",
    "forget": "forget:forget",
    "readmit": "forget:readmit",
    "explain": "persons:explain",
    "merge": "persons:merge",
    "unmerge": "persons:unmerge",
    "never-same": "persons:never_same",
    "bench": "bench:bench",
}
"""Where each command is, module and function, in the order of `onefold --help`."""

GROUPS: Mapping[str, str] = {
    "token": "tokens:token_app",
    "audit": "audit:audit_app",
    "member": "members:member_app",
    "operator": "operators:operator_app",
    "rules": "rules:rules_app",
}
"""Commands with commands of their own."""


def application(wanted: Sequence[str] = ()) -> typer.Typer:
    """The command with these commands, with all of them when one is unknown or none is named."""
    known = [name for name in wanted if name in COMMANDS or name in GROUPS]
    names = known[:1] or [*COMMANDS, *GROUPS]
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for name in names:
        if name in COMMANDS:
            app.command(name)(_load(COMMANDS[name]))
        else:
            app.add_typer(_load(GROUPS[name]), name=name)
    return app


def main() -> None:
    application(sys.argv[1:2])()


def _root() -> None:
    """One customer record, every API that you already speak."""


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"onefold.cli.{module}"), name)

"""The `onefold` command: every command on one page."""

from collections.abc import Callable, Mapping

import typer

from onefold.cli.apply import apply
from onefold.cli.audit import audit_app
from onefold.cli.bench import bench
from onefold.cli.demo import demo_credentials
from onefold.cli.doctor import doctor
from onefold.cli.forget import forget, readmit
from onefold.cli.jobs import jobs
from onefold.cli.members import member_app
from onefold.cli.nodes import nodes
from onefold.cli.operators import operator_app
from onefold.cli.persons import explain, merge, never_same, unmerge
from onefold.cli.rebuild import rebuild
from onefold.cli.rules import rules_app
from onefold.cli.serve import migrate_command, serve
from onefold.cli.tokens import token_app
from onefold.cli.transfer import export_data, import_file
from onefold.cli.work import work

app = typer.Typer(
    help="One customer record, every API that you already speak.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

COMMANDS: Mapping[str, Callable[..., None]] = {
    "serve": serve,
    "work": work,
    "migrate": migrate_command,
    "apply": apply,
    "nodes": nodes,
    "jobs": jobs,
    "import": import_file,
    "export": export_data,
    "demo-credentials": demo_credentials,
    "doctor": doctor,
    "rebuild": rebuild,
    "forget": forget,
    "readmit": readmit,
    "explain": explain,
    "merge": merge,
    "unmerge": unmerge,
    "never-same": never_same,
    "bench": bench,
}

for name, command in COMMANDS.items():
    app.command(name)(command)
app.add_typer(token_app, name="token")
app.add_typer(audit_app, name="audit")
app.add_typer(member_app, name="member")
app.add_typer(operator_app, name="operator")
app.add_typer(rules_app, name="rules")


def main() -> None:
    app()

"""A throwaway house with the real floor plan, so that planted wrong imports can be linted."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACTS_FILE = ROOT / ".importlinter"

FLOORS = [
    ["__main__"],
    ["cli"],
    ["bench", "asgi"],
    ["assembly"],
    ["settings", "logs"],
    ["dialects", "console", "worker"],
    ["web", "outbound"],
    ["actions"],
    ["store"],
    ["model"],
]
"""The top-level names, from the highest floor to the lowest."""

_DIALECT = {
    "routes.py": "import starlette\nfrom onefold.dialects.{name} import endpoints",
    "endpoints.py": (
        "from onefold.actions import customers\n"
        "from onefold.dialects.{name} import auth, errors, mapping, shapes\n"
        "from onefold.web import endpoint"
    ),
    "mapping.py": (
        "from onefold.dialects.{name} import shapes\nfrom onefold.model.customers import Customer"
    ),
    "errors.py": "from onefold.model.errors import NotFound",
    "auth.py": "from onefold.web import endpoint",
    "shapes.py": "import msgspec",
}

# Module -> its imports: every arrow that the house allows is drawn at least once.
_HOUSE = {
    "__main__.py": "from onefold.cli import main",
    "cli/main.py": "from onefold import assembly, settings\nfrom onefold.bench import ingest",
    "bench/ingest.py": "from onefold import assembly\nfrom onefold.actions import customers",
    "asgi.py": "from onefold import assembly",
    "assembly.py": (
        "import starlette\n"
        "from onefold import logs, settings\n"
        "from onefold.console import pages\n"
        "from onefold.dialects.contacthub import routes\n"
        "from onefold.outbound import mail\n"
        "from onefold.store import database\n"
        "from onefold.web import health\n"
        "from onefold.worker import loop"
    ),
    "settings.py": "import os",
    "logs.py": "import structlog",
    "console/pages.py": "from onefold.actions import customers\nfrom onefold.web import endpoint",
    "worker/loop.py": "from onefold.actions import customers\nfrom onefold.outbound import mail",
    "web/endpoint.py": "import starlette\nfrom onefold.actions import customers",
    "web/health.py": "import starlette",
    "outbound/mail.py": "import socket\nfrom onefold.model.customers import Customer",
    "actions/customers.py": (
        "from onefold.model.customers import Customer\nfrom onefold.store import customers"
    ),
    "actions/merging.py": "from onefold.actions import customers",
    "store/database.py": "import asyncpg",
    "store/customers.py": (
        "from onefold.model.customers import Customer\nfrom onefold.store import database"
    ),
    "store/embedded/server.py": "import asyncpg\nimport os",
    "model/customers.py": "import uuid\nfrom onefold.model import errors\nimport phonenumbers",
    "model/errors.py": "",
}


def build_house(folder: Path) -> Path:
    """Write the skeleton package below `folder`; each folder with code becomes a package."""
    package = folder / "onefold"
    for path, imports in _HOUSE.items():
        plant(package, path, imports)
    for dialect in ("contacthub", "relevate"):
        for path, imports in _DIALECT.items():
            plant(package, f"dialects/{dialect}/{path}", imports.format(name=dialect))
    return package


def plant(package: Path, path: str, imports: str) -> None:
    """Add imports to a module of the skeleton, making the module when it is new."""
    module = package / path
    module.parent.mkdir(parents=True, exist_ok=True)
    for folder in (module.parent, *module.parent.parents):
        (folder / "__init__.py").touch()
        if folder == package:
            break
    with module.open("a") as file:
        file.write(imports + "\n")


def lint(folder: Path) -> str:
    """Lint the package `onefold` found in `folder` with the contracts of the house."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", CONTRACTS_FILE],
        cwd=folder,  # lint-imports looks for the package where it is started
        env={**os.environ, "COLUMNS": "200", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(done.returncode) == bool(broken_contracts(done.stdout)), done.stdout + done.stderr
    return done.stdout


def broken_contracts(report: str) -> set[int]:
    """Read the numbers of the broken contracts out of a report on all of them."""
    verdicts = re.findall(r"^(\d+) .* (KEPT|BROKEN)\b", report, flags=re.MULTILINE)
    assert [int(number) for number, _ in verdicts] == list(range(1, 12)), report
    return {int(number) for number, verdict in verdicts if verdict == "BROKEN"}


def illegal_arrows(report: str) -> set[tuple[str, str]]:
    """Read which top-level name may not import which other one, of the imports that were found."""
    arrows = r"^onefold\.(\w+) is not allowed to import onefold\.(\w+):$"
    return set(re.findall(arrows, report, flags=re.MULTILINE))

"""Each import contract is kept by the house and bites when a wrong import is planted."""

from pathlib import Path

import pytest

from tests.tidy.skeleton import (
    FLOORS,
    ROOT,
    broken_contracts,
    build_house,
    illegal_arrows,
    lint,
    plant,
)

# (contract that must break, module, what is planted there)
WRONG_IMPORTS = [
    (1, "store/database.py", "from onefold import settings"),
    (1, "logs.py", "from onefold import settings"),
    (1, "asgi.py", "from onefold.bench import ingest"),
    (1, "dialects/contacthub/endpoints.py", "from onefold.worker import loop"),
    (1, "console/pages.py", "from onefold.dialects.contacthub import shapes"),
    (1, "metrics.py", ""),
    (2, "model/errors.py", "from onefold.model.customers import Customer"),
    (
        2,
        "actions/customers.py",
        "import typing\nif typing.TYPE_CHECKING:\n    from onefold.actions.merging import merge",
    ),
    (2, "store/database.py", "def load():\n    from onefold.store import customers"),
    (3, "dialects/contacthub/mapping.py", "from onefold.dialects.relevate import shapes"),
    (4, "dialects/relevate/shapes.py", "from onefold.dialects.relevate import errors"),
    (4, "dialects/relevate/mapping.py", "from onefold.dialects.relevate import errors"),
    (4, "dialects/relevate/caching.py", ""),
    (5, "web/health.py", "from onefold.store import database"),
    (5, "worker/loop.py", "from onefold.store.embedded import server"),
    (6, "cli/main.py", "from onefold.web import health"),
    (7, "console/pages.py", "from onefold.outbound import mail"),
    (7, "dialects/contacthub/endpoints.py", "from onefold import outbound"),
    (8, "dialects/contacthub/mapping.py", "from onefold.actions import customers"),
    (8, "dialects/contacthub/shapes.py", "from starlette.requests import Request"),
    (9, "model/customers.py", "import asyncio"),
    (9, "model/customers.py", "from os import path"),
    (9, "model/errors.py", "from msgspec import Struct"),
    (10, "cli/main.py", "import asyncpg"),
    (10, "bench/ingest.py", "from asyncpg import connect"),
    (11, "actions/merging.py", "from starlette.responses import Response"),
    (11, "worker/loop.py", "import starlette"),
    (11, "outbound/mail.py", "from starlette.datastructures import URL"),
]


def test_the_house_keeps_every_contract() -> None:
    assert broken_contracts(lint(ROOT / "src")) == set()


def test_the_skeleton_keeps_every_contract(tmp_path: Path) -> None:
    build_house(tmp_path)

    assert broken_contracts(lint(tmp_path)) == set()


@pytest.mark.parametrize(("contract", "module", "imports"), WRONG_IMPORTS)
def test_a_planted_import_breaks_its_contract_and_no_other(
    tmp_path: Path, contract: int, module: str, imports: str
) -> None:
    package = build_house(tmp_path)

    plant(package, module, imports)

    assert broken_contracts(lint(tmp_path)) == {contract}


def test_every_contract_has_a_planted_import() -> None:
    assert {contract for contract, _, _ in WRONG_IMPORTS} == set(range(1, 12))


def test_every_arrow_up_or_sideways_is_caught(tmp_path: Path) -> None:
    package = build_house(tmp_path)
    names = [(floor, name) for floor, level in enumerate(FLOORS) for name in level]
    wrong = {(a, b) for i, a in names for j, b in names if i >= j and a != b}

    for importer, imported in wrong:
        is_package = (package / importer).is_dir()
        path = f"{importer}/__init__.py" if is_package else f"{importer}.py"
        plant(package, path, f"import onefold.{imported}")

    assert illegal_arrows(lint(tmp_path)) == wrong

"""Files that come with the package: contracts, and the demo's data."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml


@cache
def contract_folder() -> Path:
    """Where the contracts are: in the package, or beside it in a checkout."""
    packaged = Path(str(files("onefold") / "contracts"))
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "contracts"


@cache
def read_contract(name: str) -> dict[str, Any]:
    text = (contract_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return document


def demo_folder() -> Path:
    """Where the demo's data is: in the package, or beside it in a checkout."""
    packaged = Path(str(files("onefold") / "data"))
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "data"

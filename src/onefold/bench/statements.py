"""SQL of the benchmarks by name, and the product's own where a floor runs the same statement."""

import re
from functools import cache
from importlib.resources import files

_HEADER = re.compile(r"^-- ([a-z][a-z0-9_]*) --$", re.MULTILINE)


def statement(name: str) -> str:
    """A statement of ours, from sql/floors.sql."""
    return _read("onefold.bench", "floors")[name]


def statement_of_store(topic: str, name: str) -> str:
    """The very statement that the product runs, read from its file."""
    return _read("onefold.store", topic)[name]


@cache
def _read(package: str, topic: str) -> dict[str, str]:
    text = (files(package) / "sql" / f"{topic}.sql").read_text(encoding="utf-8")
    _, *pieces = _HEADER.split(text)
    return dict(zip(pieces[::2], (one.strip() for one in pieces[1::2]), strict=True))

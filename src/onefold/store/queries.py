"""Named queries: `sql/<topic>.sql` holds statements, each under `-- name --` and its purpose."""

import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_NAME = re.compile(r"^-- ([a-z_]+) --$", re.MULTILINE)


@cache
def queries(topic: str) -> MappingProxyType[str, str]:
    """Name -> statement of one topic's file; a name given twice is refused."""
    text = (files("onefold.store") / "sql" / f"{topic}.sql").read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    found: dict[str, str] = {}
    for name, statement in zip(parts[::2], parts[1::2], strict=True):
        if name in found:
            raise ValueError(f"{topic}.sql names {name} twice")
        found[name] = statement.strip()
    return MappingProxyType(found)

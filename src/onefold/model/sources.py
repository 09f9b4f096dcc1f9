"""Rules of sources besides those of their provider's properties."""

from collections.abc import Iterable

from onefold.model.errors import FieldError, Invalid
from onefold.model.workspaces import Source


def check_single_link(source: Source, others: Iterable[Source], *, keys: tuple[str, ...]) -> None:
    """Raises Invalid unless source, node and what its properties at `keys` name are one each."""
    if len(source.node_ids) != 1:
        raise _invalid("nodes", "must list exactly one node for a source of this provider")
    for other in others:
        if other.id == source.id or other.provider != source.provider:
            continue
        if set(other.node_ids) & set(source.node_ids):
            raise _invalid("nodes", f"the node has a source of this provider: {other.name}")
        values = [source.properties.get(key) for key in keys]
        if None not in values and values == [other.properties.get(key) for key in keys]:
            raise _invalid(f"properties.{keys[-1]}", f"is linked by another source: {other.name}")


def _invalid(path: str, message: str) -> Invalid:
    return Invalid(f"{path} {message}", fields=(FieldError(path, message),))

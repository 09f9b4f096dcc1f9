"""Who was forgotten stays forgotten: by which of a customer's values that is told."""

from collections.abc import Iterable
from uuid import UUID

from onefold.model.errors import Conflict
from onefold.model.identifiers import IdentifierKind, is_junk

_EMAIL = IdentifierKind.EMAIL.value
EVERYWHERE = frozenset({_EMAIL, IdentifierKind.NATIONAL_ID.value})
"""Kinds that name one person, whichever node it comes to."""

IN_ITS_NODE = frozenset({IdentifierKind.EXTERNAL_ID.value, IdentifierKind.UNIQUE.value})
"""Kinds that mean something in their node alone. Numbers of telephones are shared and given to
others later, and handles change hands: they count only where a node tells customers apart by them.
"""


class Forgotten(Conflict):
    """The customer was forgotten on its own demand and must not come back unasked."""


def marks_of(values: Iterable[tuple[str, str]], *, node_id: UUID) -> frozenset[str]:
    """What tells a customer again, of its identifiers by kind and value."""
    found = set()
    for kind, value in values:
        if kind in IN_ITS_NODE:
            found.add(f"{kind}:{node_id}:{value}")
        elif kind in EVERYWHERE and not (kind == _EMAIL and is_junk(IdentifierKind.EMAIL, value)):
            found.add(f"{kind}:{value}")
    return frozenset(found)

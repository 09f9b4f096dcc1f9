"""Properties of customers that nodes name: in Contacthub's dotted paths and the core's."""

from collections.abc import Collection, Sequence

from onefold.dialects.contacthub.shapes.paths import LISTS, SCALARS, core_path
from onefold.model.errors import FieldError, Invalid

EXTENDED = "extended."
PASSWORD = "base.credential.password"  # noqa: S105 - the path of one
OTHER_CONTACTS = "base.contacts.otherContacts"
SINGLE = frozenset(SCALARS) - {PASSWORD, "enabled"}
LISTED = frozenset(LISTS) - {OTHER_CONTACTS}
TAGS = frozenset({"tags.auto", "tags.manual"})
_NETWORKS = "base.socialProfile."


def paths_of(
    wires: Sequence[str], known: Collection[str], custom: Collection[str], pointer: str
) -> tuple[str, ...]:
    """The core paths; Invalid for what no customer has, or not of a kind that is `known` here.

    `custom` are the extended properties that there are.
    """
    found: dict[str, None] = {}
    for position, wire in enumerate(wires):
        found[path_of(wire, known, custom, f"{pointer}/{position}")] = None
    return tuple(found)


def path_of(wire: str, known: Collection[str], custom: Collection[str], pointer: str) -> str:
    """The same of one property."""
    core = core_path(wire)
    if core is None or not _can_be_held(wire, known, custom):
        fields = (FieldError(pointer, "is not a property of customers"),)
        raise Invalid("a property is not known", fields=fields)
    return core


def _can_be_held(wire: str, known: Collection[str], custom: Collection[str]) -> bool:
    if wire.startswith(EXTENDED):
        return wire.removeprefix(EXTENDED) in custom
    return wire in known or (wire.startswith(_NETWORKS) and wire != _NETWORKS)

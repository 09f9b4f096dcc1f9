"""Which stored customer a new one is: the node's unique properties, deterministic and explained."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from onefold.model.changes import CustomerChange
from onefold.model.customers import ContactKind, Profile
from onefold.model.errors import FieldError, Invalid
from onefold.model.identifiers import unique_value
from onefold.model.workspaces import Node

Find = Callable[[str], Any]
"""What is at a core path, None for nothing."""

_NOTHING = (None, "", ())

LIST_PATHS = frozenset(
    {"contact_points", "addresses", "devices", "educations", "employments", "likes"}
    | {"subscriptions", "tags.auto", "tags.manual"}
)


def value_at(profile: Profile, path: str) -> Any:
    """What the profile holds at a core path, None when nothing; see `changes` for the paths."""
    head, _, rest = path.partition(".")
    if head == "contact":
        point = profile.primary_contact(ContactKind(rest))
        return point.value if point else None
    if head == "address":
        return getattr(profile.primary_address(), rest, None)
    if head == "notice":
        return getattr(profile.consents.notice, rest)
    if head == "consents":
        purpose, _, aspect = rest.rpartition(".")
        return getattr(profile.consents.purposes.get(purpose), aspect, None)
    value = getattr(profile, head)
    if not rest:
        return value
    return value.get(rest) if isinstance(value, Mapping) else getattr(value, rest)


def missing_properties(node: Node, profile: Profile) -> Iterator[FieldError]:
    """Unique and mandatory properties of the node that the profile lacks."""
    return _missing(node, partial(value_at, profile))


def _missing(node: Node, find: Find) -> Iterator[FieldError]:
    for path in node.unique.paths:
        if find(path) in _NOTHING:
            yield FieldError(path, "unique customer property is required")
    for path in node.mandatory:
        if path not in node.unique.paths and find(path) in _NOTHING:
            yield FieldError(path, "mandatory customer property is required")


def require_properties(node: Node, profile: Profile) -> None:
    """Raises Invalid, with one entry for each property that the node asks for and is missing."""
    require_values(node, partial(value_at, profile))


def require_values(node: Node, find: Find) -> None:
    """The same for values by their paths."""
    missing = tuple(_missing(node, find))
    if missing:
        raise Invalid("source customer is not valid", fields=missing)


def unique_key(node: Node, profile: Profile) -> str | None:
    """The identifier that only one customer of the node may hold; None when it has no policy."""
    return unique_key_of(node, partial(value_at, profile))


def unique_key_of(node: Node, find: Find) -> str | None:
    """The same of values by their paths."""
    paths = node.unique.paths
    return key_of_values(node, [find(path) for path in paths]) if paths else None


def key_of_values(node: Node, listed: Sequence[Any]) -> str:
    """The same of the values themselves, in the order of the node's unique paths."""
    paths = node.unique.paths
    values = tuple(map(str, listed))
    scope = (str(node.id), *paths)
    return unique_value(scope, ("", *values), case_sensitive=node.unique.case_sensitive)


def match_cause(node: Node) -> dict[str, Any]:
    """Why two records of a node are taken for one, as history keeps it."""
    return {
        "rule": "unique",
        "rule_version": node.unique.version,
        "properties": list(node.unique.paths),
    }


def touches_unique(node: Node, change: CustomerChange) -> bool:
    """Whether the change may give a customer another key; False is certain."""
    return any(
        path in change.values or path in change.lists or path.partition(".")[0] in change.cleared
        for path in node.unique.paths
    )

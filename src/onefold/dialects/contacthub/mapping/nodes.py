"""Nodes: Contacthub's shapes and the core's."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from msgspec import UNSET

from onefold.dialects.contacthub.shapes.nodes import EntryNodeBody, UniqueCustomer
from onefold.dialects.contacthub.shapes.paths import LISTS, SCALARS, core_path, wire_path
from onefold.model.errors import FieldError, Invalid
from onefold.model.workspaces import Node, NodeKind, UniquePolicy

Wire = dict[str, Any]

ACTIVE = "ACTIVE"
EXTENDED = "extended."
PASSWORD = "base.credential.password"  # noqa: S105 - the path of one
OTHER_CONTACTS = "base.contacts.otherContacts"
_SINGLE = frozenset(SCALARS) - {PASSWORD, "enabled"}
_LISTED = frozenset(LISTS) - {OTHER_CONTACTS}
_NETWORKS = "base.socialProfile."


def wire_entry_node(node: Node) -> Wire:
    return {
        "id": str(node.id),
        "name": node.name,
        "description": node.description,
        "imageUrl": node.image_url,
        "uniqueCustomer": _wire_unique(node.unique),
        "sourcePriority": [str(one) for one in node.source_priority],
        "mandatoryProperties": [wire_path(one) for one in node.mandatory],
    }


def wire_policy(policy: UniquePolicy) -> Wire:
    """A matching policy; one without properties shows none, as it must not be an empty list."""
    wire = _wire_unique(policy)
    return wire if policy.paths else {"caseSensitive": policy.case_sensitive}


def wire_summary(node: Node) -> Wire:
    is_entry = node.kind is NodeKind.ENTRY
    wire: Wire = {
        "id": str(node.id),
        "name": node.name,
        "nodeType": "ENTRY" if is_entry else "AGGREGATE",
        "properties": _entry_form(node) if is_entry else _aggregate_form(node),
    }
    return wire if node.description is None else {**wire, "description": node.description}


def _entry_form(node: Node) -> Wire:
    return {
        "uniqueCustomer": _wire_unique(node.unique),
        "mandatoryProperties": [wire_path(one) for one in node.mandatory],
    }


def _aggregate_form(node: Node) -> Wire:
    return {"state": ACTIVE, "matchingProperties": wire_policy(node.unique)}


def node_of(
    body: EntryNodeBody, start: Node, *, usual: UniquePolicy, custom: Collection[str]
) -> Node:
    """The node that a body describes; `custom` are the extended properties that there are.

    Raises Invalid for a property that no customer has.
    """
    unique = start.unique if body.unique_customer is UNSET else body.unique_customer
    if not isinstance(unique, UniquePolicy):
        pointer = "/uniqueCustomer/properties"
        unique = policy_of(unique, start.unique, usual=usual, custom=custom, pointer=pointer)
    mandatory = _paths_of(
        body.mandatory_properties, _SINGLE | _LISTED, custom, "/mandatoryProperties"
    )
    return replace(
        start,
        name=start.name if body.name is UNSET else body.name,
        description=body.description,
        image_url=body.image_url,
        unique=unique,
        mandatory=mandatory,
        source_priority=tuple(dict.fromkeys(UUID(one) for one in body.source_priority)),
    )


def policy_of(
    body: UniqueCustomer,
    stored: UniquePolicy,
    *,
    usual: UniquePolicy,
    custom: Collection[str],
    pointer: str,
) -> UniquePolicy:
    """What the body leaves out is as in the usual policy."""
    named = body.properties
    paths = usual.paths if named is UNSET else _paths_of(named, _SINGLE, custom, pointer)
    exact = usual.case_sensitive if body.case_sensitive is UNSET else body.case_sensitive
    return replace(stored, paths=paths, case_sensitive=exact)


def empty_node(node_id: UUID, unique: UniquePolicy) -> Node:
    """What a new entry node starts from."""
    return Node(node_id, NodeKind.ENTRY, "", unique=unique)


def _wire_unique(policy: UniquePolicy) -> Wire:
    paths = [wire_path(one) for one in policy.paths]
    return {"caseSensitive": policy.case_sensitive, "properties": paths}


def _paths_of(
    wires: Sequence[str], known: Collection[str], custom: Collection[str], pointer: str
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for position, wire in enumerate(wires):
        core = core_path(wire)
        if core is None or not _can_be_held(wire, known, custom):
            fields = (FieldError(f"{pointer}/{position}", "is not a property of customers"),)
            raise Invalid("a property is not known", fields=fields)
        found[core] = None
    return tuple(found)


def _can_be_held(wire: str, known: Collection[str], custom: Collection[str]) -> bool:
    if wire.startswith(EXTENDED):
        return wire.removeprefix(EXTENDED) in custom
    return wire in known or (wire.startswith(_NETWORKS) and wire != _NETWORKS)

"""Nodes: Contacthub's shapes and the core's."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from msgspec import UNSET

from onefold.dialects.contacthub.mapping.aggregates import wire_union
from onefold.dialects.contacthub.mapping.node_properties import LISTED, SINGLE, paths_of
from onefold.dialects.contacthub.shapes.nodes import EntryNodeBody, UniqueCustomer
from onefold.dialects.contacthub.shapes.paths import wire_path
from onefold.model.workspaces import Node, NodeKind, UniquePolicy

Wire = dict[str, Any]


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
        "properties": _entry_form(node) if is_entry else wire_union(node),
    }
    return wire if node.description is None else {**wire, "description": node.description}


def _entry_form(node: Node) -> Wire:
    return {
        "uniqueCustomer": _wire_unique(node.unique),
        "mandatoryProperties": [wire_path(one) for one in node.mandatory],
    }


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
    mandatory = paths_of(body.mandatory_properties, SINGLE | LISTED, custom, "/mandatoryProperties")
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
    paths = usual.paths if named is UNSET else paths_of(named, SINGLE, custom, pointer)
    exact = usual.case_sensitive if body.case_sensitive is UNSET else body.case_sensitive
    return replace(stored, paths=paths, case_sensitive=exact)


def empty_node(node_id: UUID, unique: UniquePolicy) -> Node:
    """What a new entry node starts from."""
    return Node(node_id, NodeKind.ENTRY, "", unique=unique)


def _wire_unique(policy: UniquePolicy) -> Wire:
    paths = [wire_path(one) for one in policy.paths]
    return {"caseSensitive": policy.case_sensitive, "properties": paths}

"""Aggregate nodes: Contacthub's shapes and the core's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from onefold.dialects.contacthub.mapping.node_properties import SINGLE, TAGS, path_of, paths_of
from onefold.dialects.contacthub.shapes.nodes import (
    AggregateNodeBody,
    ExclusionFilter,
    UniqueCustomer,
)
from onefold.dialects.contacthub.shapes.paths import wire_path
from onefold.model.aggregates import (
    Aggregate,
    AggregateState,
    Exclusion,
    MatchRule,
    Pattern,
    RuleSet,
)
from onefold.model.errors import FieldError, Invalid
from onefold.model.workspaces import Node, NodeKind, UniquePolicy

Wire = dict[str, Any]

RULE = "matching"
"""Contacthub has one rule for a node; its name is told where somebody asks why."""

PATTERNS: Mapping[str, Pattern] = {
    "START_WITH": Pattern.STARTS_WITH,
    "CONTAINS": Pattern.CONTAINS,
    "EQUALS": Pattern.EQUALS,
}
_WORDS = {pattern: word for word, pattern in PATTERNS.items()}


def wire_aggregate(node: Node) -> Wire:
    return {
        "id": str(node.id),
        "name": node.name,
        "description": node.description,
        "imageUrl": node.image_url,
        **wire_union(node),
    }


def wire_union(node: Node) -> Wire:
    """What the node is made of; of several rules, which other doors can set, the first is shown."""
    aggregate = node.aggregate or Aggregate()
    return {
        "state": aggregate.state.value,
        "entryNodes": [str(one) for one in node.entry_node_ids],
        "exclusionFilters": [_wire_exclusion(one) for one in aggregate.exclusions],
        "matchingProperties": _wire_rule(aggregate.rule_set.rules),
    }


def empty_aggregate(node_id: UUID) -> Node:
    """What a new aggregate node starts from."""
    return Node(node_id, NodeKind.AGGREGATE, "", aggregate=Aggregate())


def aggregate_of(
    body: AggregateNodeBody, start: Node, *, usual: UniquePolicy, custom: Collection[str]
) -> Node:
    """The node that a body describes; raises Invalid for a property that no customer has.

    What the body leaves out of entry nodes, matching and state is as it was: it cannot change.
    """
    known = start.aggregate or Aggregate()
    aggregate = replace(
        known,
        state=known.state if body.state is UNSET else AggregateState(body.state),
        rule_set=_rules_of(body.matching_properties, known.rule_set, usual, custom),
        exclusions=tuple(
            _exclusion_of(one, custom, f"/exclusionFilters/{position}")
            for position, one in enumerate(body.exclusion_filters or ())
        ),
    )
    named = body.entry_nodes
    return replace(
        start,
        name=start.name if body.name is UNSET else body.name,
        description=body.description,
        image_url=body.image_url,
        entry_node_ids=start.entry_node_ids
        if named is UNSET
        else tuple(dict.fromkeys(map(UUID, named))),
        aggregate=aggregate,
    )


def _rules_of(
    body: UniqueCustomer | UnsetType, known: RuleSet, usual: UniquePolicy, custom: Collection[str]
) -> RuleSet:
    """The stored rules where the body says the same; a new node begins with the usual policy."""
    first = known.rules[0] if known.rules else MatchRule(RULE, usual.paths, usual.case_sensitive)
    paths, exact = first.paths, first.case_sensitive
    if body is not UNSET:
        if body.properties is not UNSET:
            pointer = "/matchingProperties/properties"
            paths = paths_of(body.properties, SINGLE, custom, pointer)
        exact = exact if body.case_sensitive is UNSET else body.case_sensitive
    if known.rules and (set(paths), exact) == (set(first.paths), first.case_sensitive):
        return known
    return replace(known, rules=(replace(first, paths=paths, case_sensitive=exact),))


def _exclusion_of(body: ExclusionFilter, custom: Collection[str], pointer: str) -> Exclusion:
    for name, value in (
        ("property", body.property),
        ("value", body.value),
        ("pattern", body.pattern),
    ):
        if value in (UNSET, ""):
            raise _invalid(f"{pointer}/{name}", "is required")
    pattern = PATTERNS.get(str(body.pattern))
    if pattern is None:
        raise _invalid(f"{pointer}/pattern", f"is none of {', '.join(PATTERNS)}")
    path = path_of(str(body.property), SINGLE | TAGS, custom, f"{pointer}/property")
    return Exclusion(path, pattern, str(body.value))


def _wire_exclusion(exclusion: Exclusion) -> Wire:
    return {
        "property": wire_path(exclusion.path),
        "value": exclusion.value,
        "pattern": _WORDS[exclusion.pattern],
    }


def _wire_rule(rules: Sequence[MatchRule]) -> Wire:
    """A matching policy must name a property: a node without rules shows none."""
    if not rules:
        return {"caseSensitive": False}
    paths = [wire_path(one) for one in rules[0].paths]
    return {"caseSensitive": rules[0].case_sensitive, "properties": paths}


def _invalid(pointer: str, message: str) -> Invalid:
    return Invalid("the exclusion filters are not valid", fields=(FieldError(pointer, message),))

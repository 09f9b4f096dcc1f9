"""Why customers are one person, as their links keep it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from onefold.model.customers import Customer
from onefold.model.documents import document_of
from onefold.model.linking import Cluster, compared_values
from onefold.model.persons import HumanDecision, Met
from onefold.model.workspaces import Node, Workspace
from onefold.store.sealing import Sealer

NATIONAL_ID = "national_id"


def joints_of(
    sealer: Sealer,
    workspace: Workspace,
    node: Node,
    cluster: Cluster,
    customers: Mapping[UUID, Customer],
    decisions: Mapping[frozenset[UUID], HumanDecision],
) -> dict[UUID, tuple[Met, ...]]:
    """For each member whom it met and by what; the oldest of those who met nobody has nothing."""
    if node.aggregate is None:
        return {}
    rules = {one.id: one for one in node.aggregate.rule_set.rules}
    version, region = node.aggregate.rule_set.version, workspace.settings.region
    found: dict[UUID, tuple[Met, ...]] = {}
    for joint in cluster.joints:
        if joint.rule is None:
            said = decisions[frozenset((joint.customer_id, joint.other_id))]
            met = Met(
                joint.other_id, decided_by=said.actor_kind, actor_id=said.actor_id, at=said.at
            )
        else:
            profile = customers[joint.customer_id].profile
            compared = compared_values(rules[joint.rule], profile, region) or {}
            met = Met(joint.other_id, joint.rule, version, shown_values(sealer, compared))
        found[joint.customer_id] = (*found.get(joint.customer_id, ()), met)
    return found


def shown_values(sealer: Sealer, compared: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON; what is sealed in the record stands there as its keyed hash."""
    return {
        path: sealer.fingerprint(str(value)) if path == NATIONAL_ID else _plain(value)
        for path, value in compared.items()
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else document_of(value)

"""Links to Contactsend, as its operators and the nodes see them."""

from collections.abc import Iterable, Mapping
from typing import Any

from onefold.dialects.contacthub.mapping.sources import wire_source
from onefold.model.workspaces import Node, NodeKind, Source, Tenant

Wire = dict[str, Any]

CONTACTSEND = "CONTACTSEND"
_SUBSCRIPTIONS = "base.subscriptions"
_INDUSTRIES: Mapping[str | None, str] = {
    "GDO": "CONSUMER_GOOD",
    "Luxury": "FASHION",
    "Automotive": "MOBILITY",
}
_OTHER_INDUSTRY = "OTHER"


def wire_send_source(tenant: Tenant, node: Node, source: Source, token: str | None) -> Wire:
    """One node with its source; the portfolio is the group of the workspace, where it has one."""
    wire: Wire = {
        "portfolio": tenant.settings.group_pk,
        "id": str(tenant.id),
        "name": tenant.name,
        "industry": _INDUSTRIES.get(tenant.settings.industry, _OTHER_INDUSTRY),
        "workspaceStatus": tenant.status.value,
        "nodeId": str(node.id),
        "nodeName": node.name,
        "nodeType": "ENTRY" if node.kind is NodeKind.ENTRY else "AGGREGATE",
        "contactSendSource": wire_source(source, token),
    }
    return {name: value for name, value in wire.items() if value is not None}


def is_linked(source: Source, *, group_pk: str, userdb_id: str | None = None) -> bool:
    """Whether a source links a user database, or one of a group; both are named by text."""
    properties = source.properties
    same_group = str(properties.get("groupPk")) == group_pk
    return same_group and (userdb_id is None or str(properties.get("userdbId")) == userdb_id)


def wire_shared_subscriptions(nodes: Iterable[Node], sources: Iterable[Source]) -> list[Wire]:
    """The subscriptions that sources of Contactsend map, of each of the nodes."""
    linked = [one for one in sources if one.provider == CONTACTSEND]
    return [
        {
            "subscriptionId": pair["hub"],
            "path": f"{_SUBSCRIPTIONS}.{pair['hub']}",
            "entryNodeName": node.name,
            "entryNodeId": str(node.id),
        }
        for node in nodes
        for source in linked
        if node.id in source.node_ids
        for pair in source.properties.get("subscriptions") or ()
        if pair.get("hub")
    ]

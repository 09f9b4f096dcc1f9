"""New claims for a node whose way of telling customers apart has changed."""

from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.identifiers import IdentifierKind
from onefold.model.ids import NIL
from onefold.model.matching import missing_properties, unique_key
from onefold.model.workspaces import Node
from onefold.store import customers, identifiers
from onefold.store.identifiers import Identifier

CUSTOMERS_AT_ONCE = 1000


async def rekey_node(tx: Transaction, actor: Actor, *, node: Node) -> list[UUID]:
    """Claims anew for every customer of the node, oldest first, in the caller's transaction.

    Returns the customers that got no claim because an older one equals them under the new rule:
    they stay as they are, and what is written with their properties goes to the older one. A
    customer that lacks a unique property gets none either until it has it.
    """
    actor.require(Permission.CONFIGURATION_WRITE)
    kind = IdentifierKind.UNIQUE.value
    await identifiers.release_node(tx, actor.workspace_id, kind=kind, node_id=node.id)
    without: list[UUID] = []
    after = NIL
    while True:
        some = await customers.list_customers(
            tx, actor.workspace_id, node_id=node.id, after=after, limit=CUSTOMERS_AT_ONCE
        )
        if not some:
            return without
        after = some[-1].id
        wanted: dict[str, Identifier] = {}
        for one in some:
            key = unique_key(node, one.profile)
            if key is None or any(missing_properties(node, one.profile)):
                continue
            if key in wanted:
                without.append(one.id)
            wanted.setdefault(key, Identifier(kind, key, one.id, node.id))
        taken = await identifiers.claim(tx, actor.workspace_id, list(wanted.values()), kind=kind)
        without += [one.customer_id for key, one in wanted.items() if key not in taken]

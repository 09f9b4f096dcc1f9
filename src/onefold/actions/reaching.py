"""Finding what a caller names, within what the caller may reach."""

from uuid import UUID

from onefold.actions.merges import as_merged
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.customers import Customer
from onefold.model.errors import NotFound, NotPermitted, Refusal
from onefold.store import customers, persons


async def find_reachable(tx: Transaction, actor: Actor, *, customer_id: UUID) -> Customer:
    """The customer; raises NotFound for an unknown one, NotPermitted for one out of reach.

    For a person that was merged away the one answers who has its customers now, for a customer
    that was merged the survivor, as all of them together show.
    """
    customer = await customers.find_customer(tx, actor.workspace_id, customer_id=customer_id)
    if customer is None:
        customer = await survivor(tx, actor, customer_id)
    found = reachable(actor, customer, customer_id=customer_id)
    if isinstance(found, Refusal):
        raise found
    if found.merged:
        [found] = await as_merged(tx, actor, found=[found])
    return found


def reachable(actor: Actor, found: Customer | None, *, customer_id: UUID) -> Customer | Refusal:
    """What was found under an id; or the refusal for an unknown one, or one out of reach."""
    if found is None:
        return NotFound(f"customer not found {customer_id}")
    try:
        actor.require_node(found.node_id)
    except NotPermitted as refusal:
        return refusal
    return found


async def survivor(tx: Transaction, actor: Actor, person_id: UUID) -> Customer | None:
    """Whoever has the customers of a person that was merged away."""
    found = await persons.find_survivor(tx, actor.workspace_id, person_id=person_id)
    if found is None:
        return None
    return await customers.find_customer(tx, actor.workspace_id, customer_id=found)


async def keep_reachable(tx: Transaction, actor: Actor, *, customer_id: UUID) -> UUID:
    """The node of the customer, who cannot be deleted before commit; refuses as above."""
    nodes = await customers.nodes_of_customers(tx, actor.workspace_id, customer_ids=[customer_id])
    if customer_id not in nodes:
        raise NotFound(f"customer not found {customer_id}")
    actor.require_node(nodes[customer_id])
    return nodes[customer_id]


async def lock_reachable(tx: Transaction, actor: Actor, *, customer_id: UUID) -> Customer:
    """The same, locked until commit, for a change that depends on what is stored."""
    locked = await customers.lock_customers(tx, actor.workspace_id, customer_ids=[customer_id])
    if not locked:
        raise NotFound(f"customer not found {customer_id}")
    actor.require_node(locked[0].node_id)
    return locked[0]

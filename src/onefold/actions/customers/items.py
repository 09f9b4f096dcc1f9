"""Single items of a customer's lists, saved as changes of the customer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from onefold.actions.customers.drafts import CustomerDraft, Operation, Saved
from onefold.actions.customers.read import read_customer
from onefold.actions.customers.save import save_customers
from onefold.actions.directory import Picture
from onefold.actions.reaching import lock_reachable
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.errors import Refusal
from onefold.model.items import ItemEdit, ItemStep, find_item, item_change


async def read_item(
    tx: Transaction, actor: Actor, *, customer_id: UUID, listed: str, item_id: str
) -> Any:
    customer = await read_customer(tx, actor, customer_id=customer_id)
    return find_item(customer.profile, listed, item_id)


async def change_item(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    customer_id: UUID,
    edit: ItemEdit,
    at: datetime,
) -> Any:
    """Takes one step on one item; returns it as it is stored, None when it was removed.

    An item of a list that is switched off comes back as it was sent, and nothing is stored.
    """
    actor.require(Permission.CUSTOMER_WRITE)
    if edit.step is ItemStep.REMOVE:
        actor.require(Permission.CUSTOMER_DELETE)
    customer = await lock_reachable(tx, actor, customer_id=customer_id)
    change = item_change(customer.profile, edit, at=at)
    draft = CustomerDraft(
        new_id=customer.id, customer_id=customer.id, change=change, operation=Operation.PATCH
    )
    (outcome,) = await save_customers(tx, actor, picture=picture, drafts=[draft], at=at)
    if isinstance(outcome, Refusal):
        raise outcome
    if edit.listed in picture.workspace.settings.disabled_properties:
        return edit.item
    return _stored(outcome, edit)


def _stored(outcome: Saved, edit: ItemEdit) -> Any:
    if edit.step is ItemStep.REMOVE:
        return None
    return find_item(outcome.customer.profile, edit.listed, edit.item_id)

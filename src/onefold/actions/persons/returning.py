"""Customers who were deleted and are there again: what people said of them still holds."""

from collections.abc import Sequence

from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.customers import Customer
from onefold.model.matching import unique_key
from onefold.model.workspaces import Workspace
from onefold.store import persons


def subject_of_customer(tx: Transaction, workspace: Workspace, customer: Customer) -> str | None:
    """A keyed hash of what tells the customer apart in its node; None where nothing does."""
    key = unique_key(workspace.node(customer.node_id), customer.profile)
    return None if key is None else tx.sealer.fingerprint(key)


async def remember_decided(
    tx: Transaction, actor: Actor, *, picture: Picture, new: Sequence[Customer]
) -> None:
    """Gives decisions on deleted customers to the new ones with the same unique properties."""
    subjects = {
        subject: one
        for one in new
        if (subject := subject_of_customer(tx, picture.workspace, one)) is not None
    }
    if not subjects:
        return
    gone = await persons.find_returned(tx, actor.workspace_id, subjects=sorted(subjects))
    for subject, old in sorted(gone.items()):
        await persons.rename_decided(tx, actor.workspace_id, old=old, new=subjects[subject].id)

"""One item of a list of the profile: found, added, replaced, removed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from onefold.model.changes import CustomerChange, ListChange, ListRule
from onefold.model.customers import Profile, Subscription
from onefold.model.errors import Conflict, NotFound


class ItemStep(Enum):
    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


def find_item(profile: Profile, listed: str, item_id: str) -> Any:
    """The item with this id; raises NotFound."""
    for item in getattr(profile, listed):
        if item.id == item_id:
            return item
    raise NotFound(f"there is no such item in {listed}")


@dataclass(frozen=True, slots=True)
class ItemEdit:
    """One step on one item of the list `listed`; `item` is what it becomes."""

    listed: str
    step: ItemStep
    item_id: str
    item: Any = None


def item_change(profile: Profile, edit: ItemEdit, *, at: datetime) -> CustomerChange:
    """The change of the profile that takes this step; raises Conflict or NotFound."""
    items = getattr(profile, edit.listed)
    stored = next((one for one in items if one.id == edit.item_id), None)
    if edit.step is ItemStep.ADD:
        if stored is not None:
            raise Conflict(f"an item with this id is in {edit.listed} already")
        items = (*items, _stamped(edit.item, None, at=at))
    elif stored is None:
        raise NotFound(f"there is no such item in {edit.listed}")
    elif edit.step is ItemStep.REPLACE:
        changed = _stamped(edit.item, stored, at=at)
        items = tuple(changed if one is stored else one for one in items)
    else:
        items = tuple(one for one in items if one is not stored)
    return CustomerChange(lists={edit.listed: ListChange(items, ListRule.REPLACE)})


def _stamped(item: Any, stored: Any, *, at: datetime) -> Any:
    """A subscription gets its times from the server where the caller gave none."""
    if not isinstance(item, Subscription):
        return item
    registered = item.registered_at or (stored.registered_at if stored else None) or at
    return replace(item, registered_at=registered, updated_at=item.updated_at or at)

"""One item of a list of the profile: found, added, replaced, removed."""

from dataclasses import replace
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


def find_item(profile: Profile, listed: str, item_id: str) -> Any:  # noqa: ANN401 - any kind
    """The item with this id; raises NotFound."""
    for item in getattr(profile, listed):
        if item.id == item_id:
            return item
    raise NotFound(f"there is no such item in {listed}")


def item_change(
    profile: Profile, *, listed: str, step: ItemStep, item_id: str, item: Any, at: datetime
) -> CustomerChange:
    """The change of the profile that takes this step; raises Conflict or NotFound."""
    items = getattr(profile, listed)
    known = any(one.id == item_id for one in items)
    if step is ItemStep.ADD and known:
        raise Conflict(f"an item with this id is in {listed} already")
    if step is not ItemStep.ADD:
        stored = find_item(profile, listed, item_id)
        item = _stamped(item, stored, at=at)
    else:
        item = _stamped(item, None, at=at)
    if step is ItemStep.ADD:
        items = (*items, item)
    elif step is ItemStep.REPLACE:
        items = tuple(item if one.id == item_id else one for one in items)
    else:
        items = tuple(one for one in items if one.id != item_id)
    return CustomerChange(lists={listed: ListChange(items, ListRule.REPLACE)})


def _stamped(item: Any, stored: Any, *, at: datetime) -> Any:  # noqa: ANN401 - any kind
    """A subscription gets its times from the server where the caller gave none."""
    if not isinstance(item, Subscription):
        return item
    registered = item.registered_at or (stored.registered_at if stored else None) or at
    return replace(item, registered_at=registered, updated_at=item.updated_at or at)

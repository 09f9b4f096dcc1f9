"""The product registry: fed by events of the types that the workspace chose."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from onefold.actions.configuration import change_settings
from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.events import Event
from onefold.model.products import Product, check_event_types, products_in
from onefold.store import products

PRODUCTS_MAX = 1000


async def choose_event_types(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    event_types: Sequence[str],
    at: datetime,
) -> tuple[str, ...]:
    """The types whose events feed the registry from now on, each once."""
    check_event_types(event_types)
    chosen = tuple(dict.fromkeys(event_types))
    settings = replace(picture.workspace.settings, registry_event_types=chosen)
    await change_settings(tx, actor, picture=picture, settings=settings, at=at)
    return chosen


async def feed_registry(
    tx: Transaction, picture: Picture, new: Sequence[Event], *, at: datetime
) -> None:
    """Takes what new events say of products, in their transaction."""
    chosen = picture.workspace.settings.registry_event_types
    if chosen:
        shown = products_in(new, chosen)
        await products.save_products(tx, picture.workspace.id, shown, at=at)


async def list_products(
    tx: Transaction, actor: Actor, *, after: str = "", limit: int = PRODUCTS_MAX
) -> list[Product]:
    """Products of the registry after an id."""
    actor.require(Permission.EVENT_READ)
    return await products.list_products(
        tx, actor.workspace_id, after=after, limit=min(limit, PRODUCTS_MAX)
    )

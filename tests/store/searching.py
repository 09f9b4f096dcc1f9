"""Shops to search in, and how tests of searching ask."""

from typing import Any
from uuid import UUID

from onefold.actions.context import Context
from onefold.model.filters import NEWEST_FIRST, CustomerSearch, Filter, Sort
from onefold.store.search import CustomerPage, search_customers
from tests.builders import Shop, make_shop

ANYTHING: dict[str, dict[str, Any]] = {
    name: {"schema": {"type": kind}}
    for name, kind in (
        ("size", "number"),
        ("text", "string"),
        ("list", "array"),
        ("deep", "object"),
        ('a"b', "string"),
        ("it's", "string"),
        ("$[*] ? (true)", "string"),
    )
}


async def make_bazaar(context: Context) -> Shop:
    """A shop with custom properties of every type and of odd names."""
    return await make_shop(context, definitions=ANYTHING)


async def page(
    shop: Shop,
    condition: Filter | None = None,
    *,
    sort: Sort = NEWEST_FIRST,
    external_id: str | None = None,
    offset: int = 0,
    limit: int = 50,
) -> CustomerPage:
    async with shop.context.database.reading() as tx:
        return await search_customers(
            tx,
            shop.workspace_id,
            node_id=shop.node_id,
            wanted=CustomerSearch(external_id, condition, sort),
            offset=offset,
            limit=limit,
        )


async def names(shop: Shop, condition: Filter | None = None, **how: Any) -> list[str | None]:
    """Given names of whoever is found, in order."""
    found = await page(shop, condition, **how)
    return [one.profile.name.given for one in found.customers]


async def add(shop: Shop, name: str, **values: Any) -> UUID:
    email = f"{name.lower()}@shop.example"
    saved = await shop.customer(**{"contact__email": email, "name__given": name, **values})
    return saved.customer.id

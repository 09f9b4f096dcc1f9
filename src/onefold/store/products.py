"""The product registry: rows in, records out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from onefold.model.products import Product
from onefold.store.database import Transaction, decode_json, encode_json
from onefold.store.queries import queries

_SQL = queries("products")


async def save_products(
    tx: Transaction, workspace_id: UUID, products: Sequence[Product], *, at: datetime
) -> None:
    """In the order of ids, so that two batches cannot wait for each other in a circle."""
    if not products:
        return
    ordered = sorted(products, key=lambda one: one.id)
    await tx.connection.execute(
        _SQL["save_products"],
        workspace_id,
        at,
        [one.id for one in ordered],
        [encode_json(one.facts) for one in ordered],
        [one.seen_at for one in ordered],
    )


async def list_products(
    tx: Transaction, workspace_id: UUID, *, after: str, limit: int
) -> list[Product]:
    rows = await tx.connection.fetch(_SQL["list_products"], workspace_id, after, limit)
    return [Product(row[0], decode_json(row[1]), row[2]) for row in rows]

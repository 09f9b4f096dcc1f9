"""COPY of rows that are stored already, into tables like theirs: the least that storing costs."""

from statistics import median
from time import perf_counter

from onefold.bench.place import Place, Shop
from onefold.bench.statements import statement

COPIES = 3
WRITTEN = (
    "customers",
    "identifiers",
    "history",
    "consent_log",
    "updates",
    "node_rollups",
    "job_batches",
)
"""Every table that an import of customers writes a row or more to for each of its rows."""


async def copy_customers(place: Place, shop: Shop) -> float:
    """Seconds for the customers alone, into a table with their primary key.

    The median of a few: it takes a second, and two of them may differ by half.
    """
    found = []
    for _ in range(COPIES):
        await place.run_sql(
            "CREATE TABLE floor_copy (LIKE customers, PRIMARY KEY (workspace_id, customer_id))"
        )
        found.append(await _copy(place, shop, "customers"))
    return median(found)


async def copy_everything(place: Place, shop: Shop) -> float:
    """Seconds for all rows of all tables, one after another, with all their indexes."""
    seconds = 0.0
    for table in WRITTEN:
        await place.run_sql(f"CREATE TABLE floor_copy (LIKE {table} INCLUDING INDEXES)")
        seconds += await _copy(place, shop, table)
    return seconds


async def _copy(place: Place, shop: Shop, table: str) -> float:
    """Writes the rows to a file first; only reading them back in is measured."""
    rows = place.folder / f"{table}.copy"
    pool = place.context.database.pool
    async with pool.acquire() as connection:
        await connection.copy_from_query(
            statement(f"rows_of_{table}").rstrip(";"),
            shop.workspace_id,
            output=rows,
            format="binary",
        )
        before = perf_counter()
        await connection.copy_to_table("floor_copy", source=rows, format="binary")
        seconds = perf_counter() - before
        await connection.execute("DROP TABLE floor_copy")
    rows.unlink()
    return seconds

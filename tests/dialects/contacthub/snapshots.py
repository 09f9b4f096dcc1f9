"""Everything that is stored for a workspace, so that a test can tell whether anything changed."""

from tests.builders import Shop

Snapshot = dict[str, tuple[int, str | None]]
"""Table -> how many rows, and a digest of all of them."""

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND c.relnamespace = 'public'::regnamespace AND a.attname = 'workspace_id'
 ORDER BY c.relname
"""


_DIGEST = """
SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text))
  FROM {table} t WHERE workspace_id = $1
"""
_NEWEST = """
SELECT count(*), max(xmin::text::bigint)::text
  FROM {table} t WHERE workspace_id = $1
"""


async def snapshot(shop: Shop) -> Snapshot:
    return await _read_tables(shop, _DIGEST)


async def quick_snapshot(shop: Shop) -> Snapshot:
    """Instead of a digest, which transaction wrote last; enough to tell that none did."""
    return await _read_tables(shop, _NEWEST)


async def _read_tables(shop: Shop, query: str) -> Snapshot:
    found: Snapshot = {}
    async with shop.context.database.reading() as tx:
        for (table,) in await tx.connection.fetch(_TABLES):
            text = query.format(table=table)
            rows = await tx.connection.fetchrow(text, shop.workspace_id)
            assert rows is not None
            found[table] = (rows[0], rows[1])
    return found


async def stored_text(shop: Shop) -> str:
    """Every row of every table that belongs to the shop's workspace, as text."""
    found: list[str] = []
    async with shop.context.database.reading() as tx:
        for (table,) in await tx.connection.fetch(_TABLES):
            query = f"SELECT t::text FROM {table} t WHERE workspace_id = $1"
            found += [row[0] for row in await tx.connection.fetch(query, shop.workspace_id)]
    return "\n".join(found)


async def multiply(shop: Shop, table: str, id_column: str, *, times: int) -> None:
    """Copy the one row of the shop's workspace so often, under ids of their own."""
    async with shop.context.database.transaction() as tx:
        await tx.connection.execute(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(c, jsonb_build_object("
            f" '{id_column}', gen_random_uuid()))).*"
            f" FROM {table} c, generate_series(1, $2) WHERE workspace_id = $1",
            shop.workspace_id,
            times,
        )

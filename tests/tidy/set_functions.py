"""Rule 9 for functions that are not clocks: SET may call immutable ones only, says the catalog."""

from collections.abc import Collection

import asyncpg
from pglast import ast

from tests.tidy.sql_tree import find, functions_called
from tests.tidy.statements import Statement

_UNSTEADY = """
SELECT DISTINCT proname::text FROM pg_proc
 WHERE proname = ANY($1) AND provolatile <> 'i' ORDER BY 1"""


def functions_in_set(query: Statement) -> set[str]:
    """Name what is called in SET and in DO UPDATE SET."""
    changed = [one.targetList for one in find(query.tree, ast.UpdateStmt)]
    changed += [one.targetList for one in find(query.tree, ast.OnConflictClause)]
    targets = [target for targets in changed for target in targets or ()]
    return {name for target in targets for name in functions_called(target)}


async def unsteady(database: asyncpg.Pool, names: Collection[str]) -> list[str]:
    """Of these functions, those that have a form which is not immutable."""
    return [name for (name,) in await database.fetch(_UNSTEADY, list(names))]

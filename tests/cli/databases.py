"""Databases for the tests of commands, and questions to them."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg

Result = TypeVar("Result")


def wait_for(work: Coroutine[Any, Any, Result]) -> Result:
    """Runs a coroutine in a test that is none; leaves the loop of the others alone."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(work)


def ask(url: str, query: str, *values: object) -> Any:
    """The first column of the first row."""
    return wait_for(_ask(url, query, values))


def rows(url: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    return wait_for(_rows(url, query, values))


def tell(url: str, statement: str) -> None:
    wait_for(_tell(url, statement))


async def _ask(url: str, query: str, values: tuple[object, ...]) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query, *values)
    finally:
        await connection.close()


async def _rows(url: str, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *values)]
    finally:
        await connection.close()


async def _tell(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()

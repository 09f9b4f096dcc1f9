"""What tests ask a server, over connections of their own."""

from uuid import uuid4

import asyncpg

from onefold.store.embedded import Lease


async def ask(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


class People:
    """Fictional people in a table that no other test uses; what is added is committed."""

    def __init__(self) -> None:
        self.table = f"people_{uuid4().hex}"
        self.added = 0

    async def add(self, lease: Lease, number: int) -> None:
        await ask(
            lease.dsn(),
            f"CREATE TABLE IF NOT EXISTS {self.table} (id bigint PRIMARY KEY, email text)",
        )
        first, last = self.added + 1, self.added + number
        await ask(
            lease.dsn(),
            f"INSERT INTO {self.table} SELECT n, 'person' || n || '@shop.example'"
            f" FROM generate_series({first}, {last}) n",
        )
        self.added = last

    async def count(self, lease: Lease) -> object:
        return await ask(lease.dsn(), f"SELECT count(email) FROM {self.table}")

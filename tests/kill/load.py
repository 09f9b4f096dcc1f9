"""Clients that write without pause and keep a book of every answer they got."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import Self

from tests.cli.caller import Caller
from tests.cli.http_client import Client, Response

CLIENTS = 10
ORDERS_EACH = 3
PAUSE_SECONDS = 0.05
UNAVAILABLE = 503
EXPECTED = frozenset({201, 202, UNAVAILABLE})


@dataclass
class Book:
    """What was acknowledged, by name; and how the server behaved."""

    customers: dict[str, str] = field(default_factory=dict)
    """E-mail -> id."""
    orders: dict[str, str] = field(default_factory=dict)
    """orderId -> id of the event."""
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    seconds_max: float = 0.0
    faults: list[Response] = field(default_factory=list)


class Load:
    """`async with Load(caller, name)`: writes while the block runs; its book is complete after."""

    def __init__(self, caller: Caller, name: str) -> None:
        self.book = Book()
        self._caller = caller
        self._name = name
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._write(one)) for one in range(CLIENTS)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping = True
        await asyncio.gather(*self._tasks)

    async def acknowledged(self, more: int) -> None:
        """Returns once this many further answers have come."""
        goal = self._answers() + more
        while self._answers() < goal:
            for task in self._tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.01)

    def _answers(self) -> int:
        return len(self.book.customers) + len(self.book.orders)

    async def _write(self, number: int) -> None:
        """Every other client sends a key and insists; the rest let go of what got no answer."""
        insists = number % 2 == 0
        async with Client(self._caller.port) as client:
            for turn in count():
                if self._stopping:
                    return
                name = f"{self._name}-{number}-{turn}"
                await self._visit(client, name, insists=insists)

    async def _visit(self, client: Client, name: str, *, insists: bool) -> None:
        """A new customer, and what they buy."""
        email = f"{name}@shop.example"
        path, body = f"{self._caller.path}/customers", self._caller.customer(email)
        made = await self._post(client, path, body, key=f"{name} comes" if insists else "")
        if made is None or made.status != 201:
            return
        customer_id = str(made.json()["id"])
        self.book.customers[email] = customer_id
        for number in range(ORDERS_EACH):
            order = f"{name}-{number}"
            path, body = f"{self._caller.path}/events", self._caller.order(customer_id, order)
            made = await self._post(client, path, body, key=f"{order} bought" if insists else "")
            if made is not None and made.status == 202:
                self.book.orders[order] = str(made.json()["id"])

    async def _post(self, client: Client, path: str, body: object, *, key: str) -> Response | None:
        """The answer, None when it was lost; with a key it is asked for until there is one."""
        headers = {**self._caller.headers, "Idempotency-Key": key} if key else self._caller.headers
        while True:
            started = monotonic()
            try:
                response = await client.post(path, body, headers)
            except ConnectionError:
                response = None
            self._note(response, monotonic() - started)
            if response is not None and response.status < UNAVAILABLE:
                return response
            await asyncio.sleep(PAUSE_SECONDS)
            if not key or self._stopping:
                return response

    def _note(self, response: Response | None, seconds: float) -> None:
        book = self.book
        book.seconds_max = max(book.seconds_max, seconds)
        if response is None:
            book.lost += 1
            return
        book.statuses[response.status] += 1
        if response.status not in EXPECTED:
            book.faults.append(response)

"""Holds the database against the clients' book: nothing lost, nothing twice, nothing crooked."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from tests.cli.commands import Commands
from tests.cli.databases import ask, rows
from tests.kill.load import Book

CUSTOMERS_BY_EMAIL = (
    "SELECT identifiers.value, customers.customer_id FROM identifiers JOIN customers"
    " USING (workspace_id, customer_id) WHERE kind = 'email' AND deleted_at IS NULL"
)
ORDERS = "SELECT properties->>'orderId', event_id FROM events"
ANNOUNCED = "SELECT entity_id FROM updates"
NUMBERS_TWICE = "SELECT count(*) - count(DISTINCT number) FROM customers"
VERSIONS_MISSING = (
    "SELECT count(*) FROM customers LEFT JOIN history"
    " USING (workspace_id, customer_id, version) WHERE history.version IS NULL"
)


def findings(url: str, commands: Commands, book: Book) -> list[str]:
    """Everything that should not be."""
    return [
        *_customers(rows(url, CUSTOMERS_BY_EMAIL), book),
        *_orders(rows(url, ORDERS), book),
        *_announced({row[0] for row in rows(url, ANNOUNCED)}, book),
        *_counts(url),
        *(
            f"{one['check']}: {one['detail']}"
            for one in commands.json("doctor", "--counters", status=None)
            if not one["ok"]
        ),
    ]


def _customers(stored: list[tuple[str, UUID]], book: Book) -> Iterator[str]:
    times = Counter(email for email, _ in stored)
    yield from (f"customer {email} is there {n} times" for email, n in times.items() if n > 1)
    ids = {email: str(customer_id) for email, customer_id in stored}
    for email, acknowledged in book.customers.items():
        if ids.get(email) != acknowledged:
            yield f"customer {email} was acknowledged as {acknowledged}, there is {ids.get(email)}"


def _orders(stored: list[tuple[str, UUID]], book: Book) -> Iterator[str]:
    times = Counter(order for order, _ in stored)
    yield from (f"order {order} is there {n} times" for order, n in times.items() if n > 1)
    ids = {order: str(event_id) for order, event_id in stored}
    for order, acknowledged in book.orders.items():
        if ids.get(order) != acknowledged:
            yield f"order {order} was acknowledged as {acknowledged}, there is {ids.get(order)}"


def _announced(entities: set[UUID], book: Book) -> Iterator[str]:
    for name, acknowledged in (book.customers | book.orders).items():
        if UUID(acknowledged) not in entities:
            yield f"{name} is not in the update stream"


def _counts(url: str) -> Iterator[str]:
    if twice := ask(url, NUMBERS_TWICE):
        yield f"{twice} numbers were given twice"
    if missing := ask(url, VERSIONS_MISSING):
        yield f"{missing} customers have a version without history"

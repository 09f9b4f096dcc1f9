"""Real files from end to end: FEBRL people and CDNOW purchases, held against independent counts.

The expected figures come from reading the files here with a few plain lines, and are written out.
"""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from onefold.actions.context import Context
from onefold.model.imports.paths import ImportEntity
from onefold.model.workspaces import UniquePolicy, WorkspaceSettings
from tests.audit import audit
from tests.builders import Shop, make_shop
from tests.importing import Imported, Importing

FOLDER = Path(__file__).parents[2] / "data"
PEOPLE = FOLDER / "febrl-3.csv"
PURCHASES = FOLDER / "cdnow-sample.txt"


def importing(shop: Shop, file: Path, map_name: str, entity: ImportEntity) -> Importing:
    rules = (FOLDER / map_name).read_text("utf-8")
    return Importing(shop, file.read_bytes(), rules, entity=entity, name=file.name)


async def import_file(shop: Shop, file: Path, map_name: str, entity: ImportEntity) -> Imported:
    return await importing(shop, file, map_name, entity).run()


def read_people() -> list[dict[str, str]]:
    """No value of the file is quoted."""
    header, *lines = PEOPLE.read_text("utf-8").splitlines()
    names = [name.strip() for name in header.split(",")]
    return [
        dict(zip(names, (cell.strip() for cell in line.split(",")), strict=True)) for line in lines
    ]


def read_purchases() -> list[tuple[str, str, Decimal]]:
    """Customer, day and total of each."""
    rows = (line.split() for line in PURCHASES.read_text("utf-8").splitlines())
    return [(sample, day, Decimal(total)) for _, sample, day, _, total in rows]


def is_day(text: str) -> bool:
    try:
        datetime(int(text[:4]), int(text[4:6]), int(text[6:]), tzinfo=UTC)
    except ValueError:
        return False
    return len(text) == len("20260302")


class TestPeople:
    async def test_are_one_customer_for_each_national_id(self, context: Context) -> None:
        people = await make_shop(context, unique=UniquePolicy(("national_id",)))
        rows = read_people()
        numbers = {row["soc_sec_id"] for row in rows}
        undated = [
            number
            for number, row in enumerate(rows, start=1)
            if row["date_of_birth"] and not is_day(row["date_of_birth"])
        ]

        done = await import_file(people, PEOPLE, "febrl.map.yaml", ImportEntity.CUSTOMERS)
        stored = await audit(people)

        assert (len(rows), len(numbers), len(undated)) == (5000, 2291, 35)
        assert done.tally.rows == 5000
        assert done.tally.created == len(stored) == 2291
        assert (done.tally.merged, done.tally.refused) == (2709, 0)
        assert {one.profile.national_id for one in stored} == numbers
        assert [row for row, _, _ in done.reasons] == undated

    async def test_have_what_their_last_row_says(self, context: Context) -> None:
        people = await make_shop(context, unique=UniquePolicy(("national_id",)))
        expected: dict[str, dict[str, str]] = defaultdict(dict)
        for row in read_people():
            kept = {name: value for name, value in row.items() if value}
            if not is_day(row["date_of_birth"]):
                kept.pop("date_of_birth", None)
            expected[row["soc_sec_id"]].update(kept)

        await import_file(people, PEOPLE, "febrl.map.yaml", ImportEntity.CUSTOMERS)

        for one in await audit(people):
            profile = one.profile
            wanted = expected[profile.national_id or ""]
            address = profile.primary_address()
            assert address is not None
            born = profile.birth_date.strftime("%Y%m%d") if profile.birth_date else None
            found = (profile.name.given, profile.name.family, born, address.city)
            assert found == tuple(
                wanted.get(name) for name in ("given_name", "surname", "date_of_birth", "suburb")
            )
            assert profile.details["rec_id"] == wanted["rec_id"]


class TestPurchases:
    async def test_add_up_to_the_money_in_the_file(self, context: Context) -> None:
        shop = await make_shop(
            context,
            unique=UniquePolicy(("external_id",)),
            settings=WorkspaceSettings(timezone="America/New_York"),
        )
        rows = read_purchases()
        money = sum(total for _, _, total in rows)
        buyers = Counter(customer for customer, _, _ in rows)

        people = await import_file(shop, PURCHASES, "cdnow.map.yaml", ImportEntity.CUSTOMERS)
        done = await import_file(shop, PURCHASES, "cdnow.map.yaml", ImportEntity.EVENTS)
        stored = await audit(shop)

        assert (len(rows), len(buyers), money) == (6919, 2357, Decimal("244091.94"))
        assert (people.tally.created, people.tally.unchanged) == (2357, 4562)
        assert (done.tally.events, done.tally.refused) == (6919, 0)
        assert len(stored) == 2357
        assert await sums(shop, "event_rollups") == (6919, money)
        assert await sums(shop, "customer_rollups") == (6919, money)
        assert await by_customer(shop) == {
            f"cdnow-{customer}": many for customer, many in buyers.items()
        }
        assert await by_day(shop) == Counter(day for _, day, _ in rows)

    async def test_are_not_bought_again_by_a_second_import(self, context: Context) -> None:
        shop = await make_shop(context, unique=UniquePolicy(("external_id",)))
        for entity in ImportEntity:
            await import_file(shop, PURCHASES, "cdnow.map.yaml", entity)

        again = await import_file(shop, PURCHASES, "cdnow.map.yaml", ImportEntity.EVENTS)

        assert (again.tally.events, again.tally.unchanged) == (0, 6919)
        assert await sums(shop, "event_rollups") == (6919, Decimal("244091.94"))


async def sums(shop: Shop, table: str) -> tuple[Any, ...]:
    """Events and money in US dollars."""
    row = await shop.context.database.pool.fetchrow(
        f"SELECT sum(events)::int, sum(amount) FROM {table}"
        " WHERE workspace_id = $1 AND currency = 'USD'",
        shop.workspace_id,
    )
    return tuple(row)


async def by_customer(shop: Shop) -> dict[str, int]:
    rows = await shop.context.database.pool.fetch(
        "SELECT c.profile ->> 'external_id', count(*) FROM events AS e"
        " JOIN customers AS c USING (workspace_id, customer_id)"
        " WHERE e.workspace_id = $1 GROUP BY 1",
        shop.workspace_id,
    )
    return {row[0]: row[1] for row in rows}


async def by_day(shop: Shop) -> dict[str, int]:
    rows = await shop.context.database.pool.fetch(
        "SELECT to_char(day, 'YYYYMMDD'), sum(events)::int FROM event_rollups"
        " WHERE workspace_id = $1 GROUP BY 1 HAVING sum(events) > 0",
        shop.workspace_id,
    )
    return {row[0]: row[1] for row in rows}

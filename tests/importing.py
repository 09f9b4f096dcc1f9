"""Imports inside a test: a text becomes a file, and what became of its rows comes back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from time import perf_counter
from typing import Any
from uuid import UUID

import yaml

from onefold.actions.imports.batches import ImportOrder
from onefold.actions.imports.files import digest_of, open_rows
from onefold.actions.imports.opening import Begun, Holder, Work, begin_import, find_repeat
from onefold.actions.imports.ordering import order_import
from onefold.actions.imports.reading import RowReader
from onefold.actions.imports.rehearsal import rehearse_import
from onefold.actions.imports.reverting import revert_import
from onefold.actions.imports.running import Watch, run_import
from onefold.model.imports.maps import import_map
from onefold.model.imports.paths import ImportEntity
from onefold.model.imports.reverting import RevertTally
from onefold.model.imports.verdicts import RowVerdict, Tally
from tests.builders import Shop

HOLDER = Holder("tests")


class Interrupted(Exception):
    """What a test raises in place of a power cut."""


@dataclass
class Imported:
    """What an import did."""

    tally: Tally
    job_id: UUID | None
    verdicts: list[RowVerdict] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [one.verdict.word for one in self.verdicts]

    @property
    def reasons(self) -> list[tuple[int, str, str]]:
        """Row, column and reason of each problem."""
        problems = [one.problem for one in self.verdicts if one.problem]
        return [(one.row, one.column, one.reason) for one in problems]


@dataclass
class Importing:
    """One file on its way into the node of a shop; `rules` is a map as YAML."""

    shop: Shop
    content: bytes | str
    rules: str = ""
    entity: ImportEntity | None = None
    name: str = "rows.csv"
    batch_rows: int = 1000

    async def run(self, *, holder: Holder = HOLDER, watch: Watch | None = None) -> Imported:
        reader, order, work = await self.open()
        begun = await self.begin(work, holder)
        verdicts: list[RowVerdict] = []
        told = watch or Watch(verdicts=verdicts.extend)
        tally = await run_import(
            self.shop.context,
            self.shop.operator,
            order=order,
            reader=reader,
            job=begun.job,
            watch=told,
        )
        return Imported(tally, begun.job.id, verdicts)

    async def rehearse(self) -> Imported:
        reader, order, _ = await self.open()
        verdicts: list[RowVerdict] = []
        tally = await rehearse_import(
            self.shop.context,
            self.shop.operator,
            order=order,
            reader=reader,
            watch=Watch(verdicts=verdicts.extend),
        )
        return Imported(tally, None, verdicts)

    async def begin(self, work: Work, holder: Holder = HOLDER) -> Begun:
        return await begin_import(self.shop.context, self.shop.operator, work=work, holder=holder)

    async def stop_after(self, batches: int) -> None:
        """Imports so many batches and breaks off, as if the machine had gone down."""
        done = 0

        def count(_: Tally) -> None:
            nonlocal done
            done += 1
            if done == batches:
                raise Interrupted

        try:
            await self.run(watch=Watch(progress=count))
        except Interrupted:
            return
        raise AssertionError("the file was at its end before that")

    async def open(self) -> tuple[RowReader, ImportOrder, Work]:
        content = self.content.encode() if isinstance(self.content, str) else self.content
        file = BytesIO(content)
        document: Any = yaml.safe_load(self.rules)
        rules = import_map(document)
        reader = open_rows(file, rules.reading, name=self.name)
        work = Work(
            self.shop.node_id, rules.entity(self.entity), digest_of(file), document, self.name
        )
        repeat = await find_repeat(self.shop.context, self.shop.operator, work=work)
        order = order_import(
            await self.shop.picture(),
            reader,
            work=work,
            rules=rules,
            repeat=repeat,
            batch_rows=self.batch_rows,
        )
        return reader, order, work


async def import_text(shop: Shop, content: bytes | str, rules: str = "", **more: Any) -> Imported:
    return await Importing(shop, content, rules, **more).run()


async def revert(
    shop: Shop, job_id: UUID | None, report: Callable[[RevertTally], None] = lambda _: None
) -> RevertTally:
    assert job_id is not None
    return await revert_import(
        shop.context, shop.operator, job_id=job_id, holder=HOLDER, report=report
    )


async def measure_import(shop: Shop, rows: int) -> tuple[float, float]:
    """Seconds of an import of so many fictional people, and of COPY of the rows it made.

    `onefold bench import` measures the command as a whole; this is the engine alone.
    """
    began = perf_counter()
    imported = await import_text(shop, people_csv(rows))
    seconds = perf_counter() - began
    assert imported.tally.created == rows
    pool = shop.context.database.pool
    async with pool.acquire() as connection:
        stored = await connection.fetch(
            "SELECT * FROM customers WHERE workspace_id = $1", shop.workspace_id
        )
        await connection.execute(
            "CREATE TEMPORARY TABLE copied (LIKE customers INCLUDING DEFAULTS,"
            " PRIMARY KEY (workspace_id, customer_id))"
        )
        began = perf_counter()
        await connection.copy_records_to_table("copied", records=map(tuple, stored))
        copied = perf_counter() - began
        await connection.execute("DROP TABLE copied")
    return seconds, copied


def people_csv(many: int) -> str:
    """Fictional people with twelve columns, all different."""
    header = (
        "external_id,email,mobile,first_name,last_name,birth_date,street,postal_code,city,country,"
        "details.tier,consents.marketing.automatic.email.status"
    )
    lines = [
        f"crm-{number:07d},person.{number}@mail{number % 50}.example,+41791{number:06d},"
        f"Given{number % 97},Family{number % 89},19{40 + number % 60}-0{1 + number % 9}-15,"
        f"{1 + number % 200} Long Street,{8000 + number % 999},Zurich,CH,gold,"
        f"{'true' if number % 2 else 'false'}"
        for number in range(many)
    ]
    return "\n".join([header, *lines]) + "\n"

"""The main job on real input: people become persons, purchases become events, figures agree."""

import csv
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from onefold.actions.rollups import compare, recount
from onefold.assembly.application import application_on
from onefold.assembly.context import open_context
from onefold.assembly.files import demo_folder
from onefold.cli.demo import Demo, find_demo, prepare_demo
from onefold.model.access import operator_of
from onefold.settings import Settings, settings_from
from tests.contracts.recorder import ContractTransport


@pytest.fixture(scope="module")
async def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data directory in which the demo was made, and made again."""
    made = settings_from(data_dir=tmp_path_factory.mktemp("demo"))
    await prepare_demo(made)
    await prepare_demo(made)
    return made


@pytest.fixture(scope="module")
async def demo(settings: Settings) -> AsyncIterator[tuple[Demo, httpx.AsyncClient]]:
    async with open_context(settings) as context:
        found = await find_demo(context, settings)
        app, services, _ = application_on(context)
        async with httpx.AsyncClient(
            transport=ContractTransport(httpx.ASGITransport(app)),
            base_url=f"{found.base_url}/workspaces/{found.workspace.id}",
            headers={"Authorization": f"Bearer {found.token}"},
        ) as client:
            yield found, client
        await services.drain()


def _node(demo: Demo, name: str) -> str:
    (found,) = (str(node.id) for node in demo.workspace.nodes.values() if node.name == name)
    return found


def _people() -> list[str]:
    """The national id of every row of the FEBRL files, read in the plainest way."""
    ids = []
    for name in ("febrl-1.csv", "febrl-3.csv"):
        with Path(demo_folder() / name).open(newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file, skipinitialspace=True)
            ids += [row["soc_sec_id"].strip() for row in rows]
    return ids


def _purchases() -> list[list[str]]:
    text = (demo_folder() / "cdnow-sample.txt").read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if line.strip()]


class TestDemo:
    async def test_takes_rows_with_one_national_id_for_one_person(
        self, demo: tuple[Demo, httpx.AsyncClient]
    ) -> None:
        found, client = demo

        answer = await client.get("/customers", params={"nodeId": _node(found, "people")})

        assert len(_people()) == 6000
        assert answer.json()["page"]["totalElements"] == len(set(_people())) == 2841

    async def test_makes_a_customer_of_each_buyer_and_an_event_of_each_purchase(
        self, demo: tuple[Demo, httpx.AsyncClient]
    ) -> None:
        found, client = demo
        shop = {"nodeId": _node(found, "shop")}

        customers = await client.get("/customers", params=shop)
        events = await client.get("/events", params={**shop, "type": "completedOrder"})

        assert customers.json()["page"]["totalElements"] == 2357
        assert len({row[1] for row in _purchases()}) == 2357
        assert events.json()["page"]["totalElements"] == len(_purchases()) == 6919

    async def test_reads_back_what_one_buyer_bought(
        self, demo: tuple[Demo, httpx.AsyncClient]
    ) -> None:
        found, client = demo
        params = {"nodeId": _node(found, "shop"), "externalId": "cdnow-0001"}

        (buyer,) = (await client.get("/customers", params=params)).json()["elements"]
        bought = await client.get("/events", params={"customerId": buyer["id"]})

        amounts = [
            (event["date"][:10], event["properties"]["amount"]["total"])
            for event in bought.json()["elements"]
        ]
        assert amounts == [
            ("1997-12-12", 26.48),
            ("1997-08-02", 14.96),
            ("1997-01-18", 29.73),
            ("1997-01-01", 29.33),
        ]

    async def test_finds_people_by_any_property(self, demo: tuple[Demo, httpx.AsyncClient]) -> None:
        found, client = demo
        query = (
            '{"query":{"type":"simple","are":{"condition":{"type":"atomic",'
            '"attribute":"base.address.city","operator":"EQUALS","value":"cleveland"}}}}'
        )

        answer = await client.get(
            "/customers", params={"nodeId": _node(found, "people"), "query": query, "size": "50"}
        )

        elements = answer.json()["elements"]
        assert elements
        assert {one["base"]["address"]["city"] for one in elements} == {"cleveland"}


class TestFigures:
    async def test_of_the_counters_equal_those_of_the_files(self, settings: Settings) -> None:
        async with open_context(settings) as context:
            found = await find_demo(context, settings)
            actor = operator_of(found.workspace.id)
            picture = await context.directory.workspace(found.workspace.id)
            assert picture is not None
            compared = await compare(context.database, actor, picture=picture)
            async with context.database.reading() as tx:
                counted = await recount(tx, actor, picture=picture)

        assert compared.exact
        assert compared.events == 6919
        amounts = sum((count.amount for count in counted.by_day.values()), Decimal(0))
        assert amounts == sum((Decimal(row[4]) for row in _purchases()), Decimal(0))

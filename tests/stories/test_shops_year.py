"""A shop's year, lived through the command line and HTTP, and held against an account of it."""

import json
import signal
import subprocess
from calendar import monthrange
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.cli.commands import Commands
from tests.cli.conftest import commands, folder, key_file, url
from tests.cli.serving import COMMAND, Serving, environment, wait_until
from tests.stories.year import COUNTER, WEB, ZONE, Deed, Year, bought, by_day, plan_year

__all__ = ["commands", "folder", "key_file", "url"]

SWEEP_SECONDS_MAX = 120.0
MONTHS_KEPT = 3
Json = Any

SHOP = """
workspaces:
  - slug: {slug}
    id: {id}
    name: Shop
    settings: {{timezone: Europe/Rome, currency: EUR, region: IT}}
    nodes:
      - name: counter
        unique: {{properties: [external_id]}}
      - name: web
        unique: {{properties: [external_id]}}
    sources:
      - name: till
        nodes: [counter, web]
"""


@dataclass
class Shop:
    """The shop on a running server; `nodes` by name, the union of both called `all`."""

    slug: str
    commands: Commands
    year: Year
    nodes: dict[str, str]
    admin: httpx.Client
    till: httpx.Client
    operator: httpx.Client
    since: date
    gone: set[tuple[str, str]]
    """Node and external id of those who were forgotten."""

    def get(self, path: str, **params: Any) -> Json:
        answer = self.admin.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def customer(self, node: str, external_id: str) -> Json:
        found = self.get("/customers", nodeId=self.nodes[node], externalId=external_id)
        (one,) = found["elements"]
        return one

    def deeds(self, *nodes: str) -> list[Deed]:
        """What the account holds of these nodes, of those who are still here."""
        return [
            one
            for one in self.year.all_deeds()
            if one.node in nodes and self.year.owner(one) not in self.gone
        ]

    def figure(self, name: str, node: str, **more: Any) -> Json:
        start = datetime.combine(self.since, datetime.min.time(), tzinfo=ZONE)
        params = {"nodeId": self.nodes[node], "start": start.isoformat(), **more}
        return self.get(f"/stats/{name}", **params)["data"]


@pytest.fixture(scope="module", params=[200, pytest.param(10_000, marks=pytest.mark.slow)])
def shop(request: pytest.FixtureRequest, commands: Commands, folder: Path) -> Iterator[Shop]:
    slug = f"shop-{request.param}"
    workspace = str(uuid4())
    commands.apply(folder, SHOP.format(slug=slug, id=workspace))
    nodes = {one["name"]: one["id"] for one in commands.json("nodes", "--workspace", slug)}
    now = datetime.now(UTC)
    with Serving(*commands.place, folder=folder) as server, ExitStack() as closing:
        base = f"{server.url}/contacthub/hub/v1/workspaces/{workspace}"
        roles = (("--role", "admin"), ("--source", "till"), ("--role", "operator"))
        made = (_caller(base, commands, slug, *role) for role in roles)
        admin, till, operator = map(closing.enter_context, made)
        since = now.astimezone(ZONE).date() - timedelta(days=360)
        year = plan_year(request.param, now=now)
        shop = Shop(slug, commands, year, nodes, admin, till, operator, since, set())
        _unite(shop)
        _live(shop, folder)
        yield shop


def _caller(base: str, commands: Commands, slug: str, *options: str) -> httpx.Client:
    made = commands.json("token", "create", "contacthub", "--workspace", slug, *options)
    name, _, value = made["header"].partition(": ")
    return httpx.Client(base_url=base, headers={name: value}, trust_env=False, timeout=60)


def _unite(shop: Shop) -> None:
    body = {
        "name": "Everybody",
        "entryNodes": [shop.nodes[COUNTER], shop.nodes[WEB]],
        "matchingProperties": {"properties": ["base.contacts.email"], "caseSensitive": False},
    }
    made = shop.admin.post("/configuration/nodes/aggregates", json=body)
    assert made.status_code == 201, made.text
    shop.nodes["all"] = made.json()["id"]
    path = f"/configuration/nodes/aggregates/{shop.nodes['all']}/state"
    assert shop.admin.put(path, json={"state": "ACTIVE"}).status_code == 200


def _live(shop: Shop, folder: Path) -> None:
    """The year itself: people and what they do, from files and from the till."""
    for node in (COUNTER, WEB):
        people = folder / f"{shop.slug}-{node}.csv"
        people.write_text(shop.year.people_file(node))
        told = shop.commands.json("import", str(people), "--node", shop.nodes[node])
        assert told["created"] == len(shop.year.people_of(node))
        deeds = folder / f"{shop.slug}-{node}.jsonl"
        deeds.write_text(shop.year.deeds_file(node))
        place = ("--node", shop.nodes[node], "--entity", "events")
        told = shop.commands.json("import", str(deeds), *place)
        assert (told["events"], told["refused"]) == (told["rows"], 0)
    for deed in (*shop.year.posted, *shop.year.visits):
        _post(shop, deed)
    for session, external_id in shop.year.claims.items():
        one = shop.customer(WEB, external_id)
        answer = shop.till.post(f"/customers/{one['id']}/sessions", json={"value": session})
        assert answer.status_code == 201, answer.text


def _post(shop: Shop, deed: Deed) -> None:
    kind = "SESSION_ID" if deed.session else "EXTERNAL_ID"
    body = {
        "type": deed.type,
        "context": deed.context,
        "properties": deed.properties,
        "date": deed.at.isoformat(),
        "bringBackProperties": {
            "type": kind,
            "value": deed.who,
            "nodeId": shop.nodes[deed.node],
        },
    }
    answer = shop.till.post("/events", json=body)
    assert answer.status_code == 202, answer.text


def told_by_day(data: Json) -> dict[tuple[str, str], dict[date, int]]:
    return {
        (one["category"], one["context"]): {
            date.fromisoformat(at["datetime"]): int(at["value"]) for at in one["values"]
        }
        for one in data
    }


def check_events(shop: Shop, *, kept: dict[str, date]) -> None:
    """Every day of every type and context of every node, as the account has it.

    `kept` says from which day on pages of a node are there.
    """
    for node, entries in ((COUNTER, [COUNTER]), (WEB, [WEB]), ("all", [COUNTER, WEB])):
        deeds = [
            one
            for one in shop.deeds(*entries)
            if one.type != "viewedPage" or one.day >= kept.get(one.node, date.min)
        ]
        told = told_by_day(shop.figure("events-distribution", node))
        assert told == by_day(deeds, shop.since), node


def check_purchases(shop: Shop) -> None:
    for node, entries in ((COUNTER, [COUNTER]), (WEB, [WEB]), ("all", [COUNTER, WEB])):
        for scope in ("ALL", "RETAIL", "ECOMMERCE"):
            deeds = [one for one in shop.deeds(*entries) if scope in ("ALL", one.context)]
            wanted = bought(deeds, shop.since)
            data = shop.figure("events-kpi/purchases", node, type=scope)
            told = {one["name"]: one["value"] for one in data}
            del told["averageOrderValue"]
            assert told == {
                "totalRevenue": f"{wanted.revenue:.2f}",
                "totalOrders": str(wanted.orders),
                "totalReturns": str(wanted.returns),
                "unitsSold": str(wanted.units),
            }, (node, scope)


def check_people(shop: Shop) -> None:
    people = [one for one in shop.year.people if (one.node, one.external_id) not in shop.gone]
    wanted = {node: sum(one.node == node for one in people) for node in (COUNTER, WEB)}
    wanted["all"] = len({one.email for one in people})
    for node, many in wanted.items():
        data = shop.get("/stats/customers-snapshot", nodeId=shop.nodes[node])["data"]
        assert data["values"] == [{"key": "total", "value": many}], node
        found = shop.get("/customers", nodeId=shop.nodes[node], size=1)
        assert found["page"]["totalElements"] == min(many, 10_000), node
    both = sum(bool(one.mobile) for one in people if one.node == COUNTER)
    data = shop.get("/stats/communication-channels", nodeId=shop.nodes[COUNTER])["data"]
    assert {one["key"]: int(one["value"]) for one in data["values"]} == {
        "emailMobile": both,
        "emailOnly": wanted[COUNTER] - both,
        "mobileOnly": 0,
        "notReachable": 0,
    }


def check_house(shop: Shop) -> None:
    """Counters against events, identifiers, stream and consent log: nothing is out of place."""
    shop.commands.run("doctor", "--counters")
    shop.commands.run("audit", "verify", "--workspace", shop.slug)


class TestYear:
    """In the order in which a year goes: each of these begins where the last one ended."""

    def test_figures_are_those_of_the_account(self, shop: Shop) -> None:
        check_people(shop)
        check_events(shop, kept={})
        check_purchases(shop)
        check_house(shop)

    def test_a_person_is_one_in_both_shops(self, shop: Shop) -> None:
        email = "p0@shop.example"
        owners = shop.year.ids_of(email)
        ids = {shop.customer(*one)["id"] for one in owners}
        entry = shop.customer(COUNTER, f"{COUNTER}-0")

        query = {"type": "atomic", "attribute": "base.contacts.email", "operator": "EQUALS"}
        asked = json.dumps(
            {"query": {"type": "simple", "are": {"condition": query | {"value": email}}}}
        )
        (person,) = shop.get("/customers", nodeId=shop.nodes["all"], query=asked)["elements"]
        members = shop.get(f"/customers/{person['id']}/entry-customers", page=0, size=50)
        events = shop.get("/events", customerId=person["id"], size=50)

        assert len(ids) == 2
        assert entry["id"] in ids
        assert {one["id"] for one in members["elements"]} == ids
        hers = [one for one in shop.deeds(COUNTER, WEB) if shop.year.owner(one) in owners]
        assert events["page"]["totalElements"] == len(hers)
        assert {one["customerId"] for one in events["elements"]} <= ids

    def test_pages_are_let_go_of_when_their_time_is_over(self, shop: Shop) -> None:
        path = f"/configuration/nodes/{shop.nodes[COUNTER]}/retention-policy"
        body = {"enabled": True, "events": {"viewedPage": {"months": MONTHS_KEPT}}}
        first = months_ago(datetime.now(ZONE).date(), MONTHS_KEPT)
        pages = [one for one in shop.deeds(COUNTER) if one.type == "viewedPage"]
        old = sum(one.day < first for one in pages)

        assert shop.operator.put(path, json=body).status_code == 200
        before = status(shop)
        sweep(shop)

        assert (before["total"], before["expired"]) == (len(pages), old)
        assert old > 0
        after = status(shop)
        assert (after["total"], after["expired"]) == (len(pages) - old, 0)
        check_events(shop, kept={COUNTER: first})
        check_purchases(shop)
        check_house(shop)

    def test_whoever_wants_to_be_forgotten_is(self, shop: Shop, folder: Path) -> None:
        email, paper = "p2@shop.example", folder / f"{shop.slug}.json"
        owners = shop.year.ids_of(email)
        ids = [shop.customer(*one)["id"] for one in owners]
        run = shop.commands.run
        whom = ("--workspace", shop.slug, "--email", email)
        run("forget", *whom, "--certificate", str(paper), "--yes")
        shop.gone |= owners
        papers = json.loads(paper.read_text())

        genuine = run("audit", "certificate", str(paper), "--workspace", shop.slug)
        again = [self._import_again(shop, folder, node) for node in (COUNTER, WEB)]

        assert genuine == "genuine\n"
        assert {paper["customer"]["id"] for paper in papers} == set(ids)
        assert [shop.admin.get(f"/customers/{id_}").status_code for id_ in ids] == [404, 404]
        for told in again:
            assert (told["created"], told["refused"]) == (0, 1)
        first = months_ago(datetime.now(ZONE).date(), MONTHS_KEPT)
        check_people(shop)
        check_events(shop, kept={COUNTER: first})
        check_purchases(shop)
        check_house(shop)

    @staticmethod
    def _import_again(shop: Shop, folder: Path, node: str) -> Json:
        file = folder / f"{shop.slug}-{node}.csv"
        return shop.commands.json("import", str(file), "--node", shop.nodes[node], status=None)


def status(shop: Shop) -> Json:
    found = shop.get("/configuration/retention-policy/status")
    return found[shop.nodes[COUNTER]]["viewedPage"]


def sweep(shop: Shop) -> None:
    """What a worker does by itself when it starts, and every hour."""
    worker = subprocess.Popen(
        [*COMMAND, "work", *shop.commands.place],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=environment(),
    )
    try:
        assert wait_until(lambda: status(shop)["expired"] == 0, seconds=SWEEP_SECONDS_MAX)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0


def months_ago(day: date, many: int) -> date:
    """The same day so many months before, or the last one of that month."""
    month = day.year * 12 + day.month - 1 - many
    year, number = month // 12, month % 12 + 1
    return date(year, number, min(day.day, monthrange(year, number)[1]))

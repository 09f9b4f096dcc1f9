"""A served onefold from outside: what its log and its figures tell, and what they never do."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from onefold.store.embedded import Lease
from tests.cli.caller import Caller
from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.databases import tell
from tests.cli.serving import Serving

EMAIL = "zenobia.quux@shop.example"
FAMILY = "Quuxbury"
PHONE = "+39 333 1234987"
STREET = "Rue Xylophone"
PASSWORD = "plugh xyzzy 7"  # noqa: S105 - of a person who is none
EXTERNAL_ID = "zq-4711-secret"
ORDER = "order-zq-815"
PERSONAL = (EMAIL, "zenobia", FAMILY, PHONE, "1234987", STREET, "Xylophone", "xyzzy", "zq-")


class Visit:
    """A server that was asked everything once, and stopped; what it answered and wrote."""

    def __init__(self, serving: Serving, answers: list[httpx.Response], figures: str) -> None:
        self.answers = answers
        self.figures = figures
        self.written = serving.written()
        self.lines = serving.lines()

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == "request"]


@pytest.fixture(scope="module")
def visit(postgres: Lease, template: str) -> Iterator[Visit]:
    name = f"served_{uuid4().hex}"
    tell(postgres.dsn("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
    url = postgres.dsn(name)
    with TemporaryDirectory(prefix="onefold-served-") as made:
        folder = Path(made)
        commands = Commands("--database", url, "--key-file", str(folder / "key"))
        commands.apply(folder, SHOP)
        options = ("--workspace", "shop", "--role", "admin")
        token = commands.json("token", "create", "contacthub", *options)["token"]
        with Serving(*commands.place, folder=folder) as serving:
            caller = Caller(url, serving.port, token)
            with httpx.Client(base_url=serving.url, trust_env=False, timeout=30) as client:
                answers = ask_everything(client, caller, url)
                figures = client.get("/metrics").text
            assert serving.stop() == 0
        yield Visit(serving, answers, figures)
    tell(postgres.dsn("postgres"), f"DROP DATABASE {name} WITH (FORCE)")


def person(caller: Caller) -> dict[str, Any]:
    return {
        "nodeId": str(caller.node_id),
        "externalId": EXTERNAL_ID,
        "base": {
            "lastName": FAMILY,
            "contacts": {"email": EMAIL, "mobilePhone": PHONE},
            "address": {"street": STREET},
            "credential": {"username": "zenobia", "password": PASSWORD},
        },
    }


def ask_everything(client: httpx.Client, caller: Caller, url: str) -> list[httpx.Response]:
    """Requests full of personal values: right ones, wrong ones, and some that fail inside."""
    headers, path = caller.headers, caller.path
    created = client.post(f"{path}/customers", json=person(caller), headers=headers)
    customer = f"{path}/customers/{created.json()['id']}"
    order = caller.order(created.json()["id"], ORDER)
    search = {"nodeId": str(caller.node_id), "externalId": EXTERNAL_ID}
    wrong = {**person(caller), "base": {"contacts": {"email": f"{EMAIL} {EMAIL}"}, FAMILY: FAMILY}}
    answers = [
        created,
        client.get(customer, headers=headers),
        client.get(f"{path}/customers", params=search, headers=headers),
        client.patch(customer, json={"base": {"firstName": FAMILY}}, headers=headers),
        client.post(f"{path}/events", json=order, headers=headers),
        client.post(f"{path}/customers", json=wrong, headers=headers),
        client.post(f"{path}/customers", content=f'{{"{EMAIL}": {FAMILY}', headers=headers),
        client.get(f"{path}/customers/{EMAIL}", headers=headers),
        client.get(f"{path}/customers", params={"nodeId": EMAIL}, headers=headers),
        client.get(f"{path}/{FAMILY}/{EMAIL}", headers=headers),
        client.get(
            f"{path}/customers", params=search, headers={"Authorization": f"Bearer {EMAIL}"}
        ),
        client.put(f"{path}/customers", json=person(caller), headers=headers),
    ]
    return answers + fail_inside(client, caller, url)


def fail_inside(client: httpx.Client, caller: Caller, url: str) -> list[httpx.Response]:
    """Two statements that the database refuses, quoting what they were given."""
    check = f"CHECK (NOT profile::text LIKE '%{FAMILY}%') NOT VALID"
    tell(url, f"ALTER TABLE customers ADD CONSTRAINT odd {check}")
    refused = client.post(
        f"{caller.path}/customers",
        json={**person(caller), "base": {"lastName": FAMILY, "contacts": {"email": "b@b.example"}}},
        headers=caller.headers,
    )
    tell(url, "ALTER TABLE customers DROP CONSTRAINT odd")
    tell(url, "ALTER TABLE history RENAME TO history_away")
    failed = client.post(
        f"{caller.path}/customers",
        json={**person(caller), "base": {"contacts": {"email": f"c.{EMAIL}"}}},
        headers=caller.headers,
    )
    tell(url, "ALTER TABLE history_away RENAME TO history")
    return [refused, failed]


class TestTheLog:
    def test_has_a_line_of_json_for_each_request(self, visit: Visit) -> None:
        assert [line["status"] for line in visit.requests()] == [
            answer.status_code for answer in visit.answers
        ]

    def test_names_operations_not_paths(self, visit: Visit) -> None:
        assert [line["operation"] for line in visit.requests()] == [
            "contacthub/createCustomer",
            "contacthub/getCustomer",
            "contacthub/searchCustomers",
            "contacthub/patchCustomer",
            "contacthub/createEvent",
            "contacthub/createCustomer",
            "contacthub/createCustomer",
            "contacthub/getCustomer",
            "contacthub/searchCustomers",
            "contacthub/none",
            "contacthub/searchCustomers",
            "contacthub/none",
            "contacthub/createCustomer",
            "contacthub/createCustomer",
        ]

    def test_leads_from_the_reference_of_an_answer_to_its_line(self, visit: Visit) -> None:
        by_id = {line["request_id"]: line for line in visit.requests()}

        for answer in visit.answers:
            if answer.status_code >= 400:
                reference = answer.json()["logref"].replace("-", "")[16:]
                assert by_id[reference]["status"] == answer.status_code

    def test_tells_where_it_failed(self, visit: Visit) -> None:
        failed = visit.answers[-1]
        (line,) = [line for line in visit.lines if line["event"] == "fault"]

        assert failed.status_code == 500
        assert failed.json()["logref"].replace("-", "")[16:] == line["request_id"]
        assert line["error"] == "UndefinedTableError"

    def test_holds_no_personal_data(self, visit: Visit) -> None:
        assert "fault" in visit.written
        assert [value for value in PERSONAL if value in visit.written] == []


class TestTheFigures:
    def test_count_requests_by_operation_and_status(self, visit: Visit) -> None:
        counted = {
            (sample.labels["operation"], sample.labels["status"]): sample.value
            for family in text_string_to_metric_families(visit.figures)
            for sample in family.samples
            if sample.name == "onefold_requests_total" and sample.labels["dialect"] == "contacthub"
        }

        assert counted["createCustomer", "201"] == 1
        assert counted["createCustomer", "400"] == 2
        assert counted["createCustomer", "500"] == 1
        assert counted["createEvent", "202"] == 1
        assert counted["none", "404"] == 1
        assert counted["none", "405"] == 1
        assert sum(counted.values()) == len(visit.answers)

    def test_measure_times_and_batches(self, visit: Visit) -> None:
        samples = {
            sample.name: sample.value
            for family in text_string_to_metric_families(visit.figures)
            for sample in family.samples
            if sample.labels.get("operation") == "createEvent"
            or sample.labels.get("verb") == "record_events"
        }

        assert samples["onefold_request_seconds_count"] == 1
        assert 0 < samples["onefold_request_seconds_sum"] < 5
        assert samples["onefold_batch_items_count"] == 1
        assert samples["onefold_batch_items_sum"] == 1

    def test_tell_the_memory_of_the_process(self, visit: Visit) -> None:
        assert re.search(r"^process_resident_memory_bytes \d", visit.figures, re.MULTILINE)

    def test_hold_no_personal_data(self, visit: Visit) -> None:
        assert [value for value in PERSONAL if value in visit.figures] == []

    def test_have_labels_of_a_few_values_only(self, visit: Visit) -> None:
        names = {
            name
            for family in text_string_to_metric_families(visit.figures)
            if family.name.startswith("onefold_")
            for sample in family.samples
            for name in sample.labels
        }

        assert names == {"dialect", "operation", "status", "verb", "le"}

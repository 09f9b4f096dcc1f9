"""What callers get while the database is away, or while too much is waiting."""

import httpx
import pytest
from structlog.testing import capture_logs

from onefold.actions import writing
from onefold.web import coalesce
from tests.builders import Shop

KEYS = {"message", "logref", "data", "errors"}


def paths(shop: Shop) -> tuple[str, str]:
    base = f"/contacthub/hub/v1/workspaces/{shop.workspace_id}"
    return f"{base}/customers", f"{base}/customers?nodeId={shop.node_id}"


def customer(shop: Shop, email: str) -> dict[str, object]:
    return {"nodeId": str(shop.node_id), "base": {"contacts": {"email": email}}}


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes are tried again for some seconds, which changes nothing here."""
    monkeypatch.setattr(writing, "PAUSES_SECONDS", (0.0,))


class TestWhileTheDatabaseIsAway:
    async def test_it_lives_but_is_not_ready(self, web: httpx.AsyncClient, own_shop: Shop) -> None:
        before = await web.get("/readyz")
        await own_shop.context.database.close()

        after = await web.get("/readyz")
        alive = await web.get("/healthz")

        assert (before.status_code, before.json()) == (200, {"status": "ready"})
        assert (after.status_code, after.json()) == (503, {"status": "not ready"})
        assert (alive.status_code, alive.json()) == (200, {"status": "ok"})

    async def test_reads_and_writes_are_refused_in_the_shape_of_the_dialect(
        self, web: httpx.AsyncClient, own_shop: Shop
    ) -> None:
        create, search = paths(own_shop)
        await web.get(search)
        await own_shop.context.database.close()

        with capture_logs():
            answers = [
                await web.get(search),
                await web.post(create, json=customer(own_shop, "ada@shop.example")),
            ]

        for answer in answers:
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["content-type"] == "application/json"
            assert set(answer.json()) == KEYS
            assert answer.json()["message"] == "The server is not available"

    async def test_the_log_has_the_place_and_the_reference(
        self, web: httpx.AsyncClient, own_shop: Shop
    ) -> None:
        create, _ = paths(own_shop)
        await own_shop.context.database.close()

        with capture_logs() as lines:
            answer = await web.post(create, json=customer(own_shop, "ada@shop.example"))

        (line,) = [one for one in lines if one["event"] == "fault"]
        assert answer.json()["logref"].replace("-", "")[16:] == line["request_id"]
        assert line["operation"] == "contacthub/createCustomer"
        assert line["error"] == "InterfaceError"


class TestTooMuchAtOnce:
    async def test_is_refused_with_the_time_to_come_back(
        self, web: httpx.AsyncClient, own_shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create, search = paths(own_shop)
        monkeypatch.setattr(coalesce, "WAITING_ITEMS_MAX", 0)

        refused = await web.post(create, json=customer(own_shop, "ada@shop.example"))
        read = await web.get(search)
        monkeypatch.undo()
        again = await web.post(create, json=customer(own_shop, "ada@shop.example"))

        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        assert set(refused.json()) == KEYS
        assert read.status_code == 200
        assert again.status_code == 201


class TestAFault:
    async def test_is_answered_with_a_reference_and_nothing_of_its_inside(
        self, web: httpx.AsyncClient, own_shop: Shop
    ) -> None:
        create, _ = paths(own_shop)
        async with own_shop.context.database.reading() as tx:
            await tx.connection.execute("ALTER TABLE history RENAME TO history_away")

        with capture_logs() as lines:
            answer = await web.post(create, json=customer(own_shop, "ada@shop.example"))

        (line,) = [one for one in lines if one["event"] == "fault"]
        assert answer.status_code == 500
        assert answer.json()["message"] == "The server failed"
        assert "history" not in answer.text
        assert answer.json()["logref"].replace("-", "")[16:] == line["request_id"]
        assert line["error"] == "UndefinedTableError"
        assert line["sqlstate"] == "42P01"
        assert "ada" not in str(line)

    async def test_leaves_nothing_behind(self, web: httpx.AsyncClient, own_shop: Shop) -> None:
        create, search = paths(own_shop)
        async with own_shop.context.database.reading() as tx:
            await tx.connection.execute("ALTER TABLE updates RENAME TO updates_away")
            with capture_logs():
                await web.post(create, json=customer(own_shop, "ada@shop.example"))
            await tx.connection.execute("ALTER TABLE updates_away RENAME TO updates")

        found = (await web.get(search)).json()

        assert found["elements"] == []

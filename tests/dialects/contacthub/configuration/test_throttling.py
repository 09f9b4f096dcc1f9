"""Throttling: above the limit of a minute there is 429, whichever process is asked."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest

from onefold.assembly.application import application_on
from onefold.assembly.context import context_on, utc_now
from onefold.model.access import Role
from tests.builders import Shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import MOUNT, Api

PATH = "/configuration/throttling"


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = utc_now().replace(second=20, microsecond=0) + timedelta(minutes=5)

    def __call__(self) -> datetime:
        return self.now


Start = Callable[[str], Api]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def start(shop: Shop, watch: Watch) -> AsyncIterator[Start]:
    """Start another server process, as far as memory goes, and give a client of it."""
    async with AsyncExitStack() as stack:

        def server(token: str) -> Api:
            context = replace(context_on(shop.context.database), clock=watch)
            app, services, _ = application_on(context)
            stack.push_async_callback(services.drain)
            return httpx.AsyncClient(
                transport=ContractTransport(httpx.ASGITransport(app)),
                base_url=f"{MOUNT}/workspaces/{shop.workspace_id}",
                headers={"Authorization": f"Bearer {token}"},
            )

        yield server


async def set_limit(operator: Api, limit: int) -> None:
    answer = await operator.put(PATH, json={"maxRequestsPerMinute": limit})
    assert (answer.status_code, answer.json()) == (200, {"maxRequestsPerMinute": limit})


async def ask(api: Api, shop: Shop) -> httpx.Response:
    return await api.get("/customers", params={"nodeId": str(shop.node_id)})


class TestThrottling:
    @pytest.mark.behaviour("contacthub/getThrottling/1", "contacthub/updateThrottling/1")
    async def test_is_off_at_0(self, operator: Api, admin: Api, start: Start, shop: Shop) -> None:
        before = (await admin.get(PATH)).json()
        await set_limit(operator, 1)
        await set_limit(operator, 0)
        client = start(shop.token)

        statuses = {(await ask(client, shop)).status_code for _ in range(5)}

        assert before == {"maxRequestsPerMinute": 0}
        assert statuses == {200}

    @pytest.mark.behaviour("contacthub/updateThrottling/2")
    @pytest.mark.parametrize("limit", [-1, 1.5, "10", None, 2**31])
    async def test_takes_a_number_of_requests_only(self, operator: Api, limit: object) -> None:
        answer = await operator.put(PATH, json={"maxRequestsPerMinute": limit})

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/maxRequestsPerMinute"]
        assert (await operator.put(PATH, json={})).status_code == 400

    @pytest.mark.behaviour("contacthub/updateThrottling/3")
    async def test_refuses_what_is_above_the_limit_until_the_minute_is_over(
        self, operator: Api, start: Start, shop: Shop, watch: Watch
    ) -> None:
        await set_limit(operator, 3)
        client = start(shop.token)

        statuses = [(await ask(client, shop)).status_code for _ in range(5)]
        refused = await ask(client, shop)
        watch.now += timedelta(seconds=40)
        later = await ask(client, shop)

        assert statuses == [200, 200, 200, 429, 429]
        assert refused.headers["retry-after"] == "40"
        assert refused.json()["message"] == (
            "the workspace has made too many requests in this minute"
        )
        assert later.status_code == 200

    @pytest.mark.parametrize("limit", [7, 100])
    async def test_counts_all_processes_together(
        self, operator: Api, start: Start, shop: Shop, limit: int
    ) -> None:
        await set_limit(operator, limit)
        clients = [start(shop.token) for _ in range(3)]

        answers = await asyncio.gather(
            *(ask(client, shop) for client in clients for _ in range(limit))
        )

        statuses = Counter(one.status_code for one in answers)
        assert statuses == {200: limit, 429: 2 * limit}

    async def test_counts_every_caller_of_the_workspace_and_no_other(
        self, operator: Api, start: Start, shop: Shop, rival: Shop
    ) -> None:
        await set_limit(operator, 2)
        user = start(await shop.token_for(Role.USER))
        client = start(shop.token)
        other = start(rival.token)
        url = f"{MOUNT}/workspaces/{rival.workspace_id}/customers"

        statuses = [(await ask(one, shop)).status_code for one in (user, client, client)]

        assert statuses == [200, 200, 429]
        answer = await other.get(url, params={"nodeId": str(rival.node_id)})
        assert answer.status_code == 200

    async def test_never_keeps_an_operator_out(
        self, operator: Api, start: Start, shop: Shop
    ) -> None:
        await set_limit(operator, 1)
        chief = start(await shop.token_for(Role.OPERATOR))

        statuses = [(await chief.get(PATH)).status_code for _ in range(3)]

        assert statuses == [200, 200, 200]

    async def test_is_set_by_operators(self, admin: Api, reader: Api) -> None:
        assert (await admin.put(PATH, json={"maxRequestsPerMinute": 5})).status_code == 403
        assert (await reader.get(PATH)).status_code == 403

    async def test_writes_nothing_while_it_is_off(self, client: Api, shop: Shop) -> None:
        for _ in range(3):
            await ask(client, shop)

        rows = await shop.context.database.pool.fetch(
            "SELECT 1 FROM throttles WHERE workspace_id = $1", shop.workspace_id
        )
        assert rows == []

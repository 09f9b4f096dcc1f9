"""Emptying an entry node: everything in it goes, and nothing else."""

import pytest

from onefold.actions import emptying
from onefold.actions.customers.remove import remove_customers
from onefold.actions.jobs import take_due_job
from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind, UniquePolicy
from onefold.worker.jobs import run_job
from tests.audit import audit, traces
from tests.builders import NOON, Shop, by_session, make_draft, make_event
from tests.dialects.contacthub.clients import Api, Clients


@pytest.fixture
async def stand(shop: Shop) -> Node:
    """Another node, whose content must stay."""
    unique = UniquePolicy(("contact.email",))
    return await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stand", unique=unique))


async def fill(shop: Shop, node: Node, mark: str) -> None:
    """Two customers, one with a session, their events, and an event of nobody."""
    drafts = [
        make_draft(node.id, contact__email=f"{name}-{mark}@shop.example") for name in ("ada", "eve")
    ]
    for one, outcome in zip(drafts, await shop.save(drafts), strict=True):
        assert not isinstance(outcome, Exception)
        for _ in range(2):
            await shop.event(make_event(customer_id=one.new_id))
    await shop.tie(drafts[0].new_id, f"till-{mark}")
    for value in (f"till-{mark}", f"other-{mark}"):
        await shop.event(make_event(bring_back=by_session(node.id, value)))


def path_of(node: Node) -> str:
    return f"/configuration/nodes/entries/{node.id}/data"


async def content(shop: Shop, node: Node) -> tuple[int, int]:
    """How many customers and events a node has."""
    pool = shop.context.database.pool
    counts = []
    for table in ("customers", "events"):
        more = " AND deleted_at IS NULL" if table == "customers" else ""
        query = f"SELECT count(*) FROM {table} WHERE workspace_id = $1 AND node_id = $2{more}"
        counts.append(await pool.fetchval(query, shop.workspace_id, node.id))
    return counts[0], counts[1]


class TestEmptyEntryNode:
    @pytest.mark.behaviour("contacthub/emptyEntryNode/2", "contacthub/emptyEntryNode/3")
    async def test_takes_everything_and_leaves_the_node(
        self, operator: Api, shop: Shop, stand: Node, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(emptying, "EVENTS_AT_ONCE", 2)
        monkeypatch.setattr(emptying, "CUSTOMERS_AT_ONCE", 1)
        await fill(shop, shop.node, "counter")
        await fill(shop, stand, "stand")

        answer = await operator.delete(path_of(shop.node))

        assert (answer.status_code, answer.content) == (204, b"")
        assert await content(shop, shop.node) == (0, 0)
        assert await content(shop, stand) == (2, 6)
        assert await traces(shop.context.database.pool, "ada-counter@shop.example") == set()
        node = await operator.get(f"/configuration/nodes/entries/{shop.node_id}")
        assert node.status_code == 200
        await audit(shop)

    @pytest.mark.behaviour("contacthub/emptyEntryNode/1")
    async def test_takes_the_events_only_when_asked(self, operator: Api, shop: Shop) -> None:
        await fill(shop, shop.node, "counter")

        answer = await operator.delete(path_of(shop.node), params={"eventsOnly": "true"})

        assert answer.status_code == 204
        assert await content(shop, shop.node) == (2, 0)
        assert len(await audit(shop)) == 2

    async def test_is_told_in_the_update_stream(
        self, operator: Api, reader: Api, shop: Shop
    ) -> None:
        await fill(shop, shop.node, "counter")
        before = (await reader.get("/updates/last-offset")).json()["lastOffset"]

        await operator.delete(path_of(shop.node))

        answer = await reader.get("/updates", params={"offset": before})
        told = [(one["entity"]["type"], one["operation"]) for one in answer.json()["updates"]]
        assert sorted(told) == [("CUSTOMER", "DELETE")] * 2 + [("EVENT", "DELETE")] * 6

    async def test_can_be_filled_again(self, operator: Api, shop: Shop) -> None:
        await fill(shop, shop.node, "counter")
        await operator.delete(path_of(shop.node))

        await fill(shop, shop.node, "counter")

        assert await content(shop, shop.node) == (2, 6)
        await audit(shop)

    async def test_is_for_operators(self, admin: Api, clients: Clients, shop: Shop) -> None:
        await fill(shop, shop.node, "counter")
        bound = await clients.acting_as(Role.OPERATOR, node_ids=frozenset())

        assert (await admin.delete(path_of(shop.node))).status_code == 403
        assert (await bound.delete(path_of(shop.node))).status_code == 403
        assert await content(shop, shop.node) == (2, 6)

    async def test_of_no_entry_node_is_not_found(
        self, operator: Api, rival: Shop, shop: Shop
    ) -> None:
        whole = await shop.add_node(Node(uuid7(NOON), NodeKind.AGGREGATE, "Everybody"))

        assert (await operator.delete(path_of(rival.node))).status_code == 404
        assert (await operator.delete(path_of(whole))).status_code == 404
        answer = await operator.delete(path_of(shop.node), params={"eventsOnly": "perhaps"})
        assert answer.status_code == 400


class TestANodeThatIsTooFullForOneCall:
    async def test_is_emptied_by_a_worker_after_the_answer(
        self, operator: Api, shop: Shop, stand: Node, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(emptying, "EVENTS_AT_ONCE", 2)
        monkeypatch.setattr(emptying, "CUSTOMERS_AT_ONCE", 1)
        monkeypatch.setattr(emptying, "WAIT_SECONDS_MAX", 0.0)
        await fill(shop, shop.node, "counter")
        await fill(shop, stand, "stand")

        answer = await operator.delete(path_of(shop.node))
        left = await content(shop, shop.node)
        await work(shop)

        assert answer.status_code == 204
        assert left == (2, 4)
        assert await content(shop, shop.node) == (0, 0)
        assert await content(shop, stand) == (2, 6)
        await audit(shop)

    async def test_is_emptied_by_a_worker_when_the_call_was_cut_off(
        self, operator: Api, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(emptying, "EVENTS_AT_ONCE", 2)
        await fill(shop, shop.node, "counter")

        async def fail(*_: object, **__: object) -> None:
            raise OSError

        monkeypatch.setattr(emptying, "remove_customers", fail)  # the database is away
        answer = await operator.delete(path_of(shop.node))
        left = await content(shop, shop.node)
        monkeypatch.setattr(emptying, "remove_customers", remove_customers)
        await work(shop)

        assert answer.status_code == 503
        assert left == (2, 0)
        assert await content(shop, shop.node) == (0, 0)
        await audit(shop)


async def work(shop: Shop) -> None:
    """What a worker does with the workspace's job."""
    context = shop.context
    async with context.database.transaction() as tx:
        job = await take_due_job(
            tx,
            shop.operator,
            kinds=[emptying.EMPTYING_KIND],
            holder="test",
            at=context.clock(),
        )
    assert job is not None
    await run_job(context, shop.operator, job=job, handler=emptying.run_emptying_job)

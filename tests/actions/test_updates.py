"""Reading the update stream as an actor."""

from datetime import timedelta

import pytest

from onefold.actions.context import Context
from onefold.actions.updates import StreamPage, last_offset, read_stream
from onefold.model.access import Actor, Role, permissions_of
from onefold.model.errors import NotPermitted
from onefold.model.ids import uuid7
from onefold.model.updates import Entity, UpdateFilter
from onefold.model.workspaces import Node, NodeKind
from tests.builders import NOON, Shop, by_session, make_draft, make_event

EVERYTHING = UpdateFilter()


async def fill(shop: Shop) -> Node:
    """On three days: Ada at the counter, Bob at the stand, an event at the stand."""
    stand = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, "Stand"))
    day = timedelta(days=1)
    await shop.customer(contact__email="ada@shop.example", at=NOON)
    await shop.save([make_draft(stand.id)], at=NOON + day)
    await shop.event(make_event(bring_back=by_session(stand.id, "s1")), at=NOON + 2 * day)
    return stand


def positions(page: StreamPage) -> list[int]:
    return [one.position for one in page.updates]


class TestReadStream:
    async def test_goes_on_from_where_it_ended(self, shop: Shop, context: Context) -> None:
        await fill(shop)

        async with context.database.reading() as tx:
            first = await read_stream(tx, shop.operator, wanted=EVERYTHING, limit=2)
            second = await read_stream(
                tx, shop.operator, wanted=EVERYTHING, limit=2, offset=first.next_offset
            )
            third = await read_stream(
                tx, shop.operator, wanted=EVERYTHING, limit=2, offset=second.next_offset
            )

        assert [positions(one) for one in (first, second, third)] == [[1, 2], [3], []]
        assert [one.next_offset for one in (first, second, third)] == [2, 3, 3]

    async def test_starts_at_a_moment(self, shop: Shop, context: Context) -> None:
        await fill(shop)

        async with context.database.reading() as tx:
            for hours, seen in ((-1, [1, 2, 3]), (0, [1, 2, 3]), (1, [2, 3]), (48, [3]), (49, [])):
                since = NOON + timedelta(hours=hours)
                page = await read_stream(
                    tx, shop.operator, wanted=EVERYTHING, limit=10, since=since
                )
                assert positions(page) == seen
                assert page.next_offset == 3

    async def test_takes_the_offset_before_the_moment(self, shop: Shop, context: Context) -> None:
        await fill(shop)

        async with context.database.reading() as tx:
            page = await read_stream(
                tx,
                shop.operator,
                wanted=EVERYTHING,
                limit=10,
                offset=0,
                since=NOON + timedelta(days=365),
            )

        assert positions(page) == [1, 2, 3]

    async def test_shows_what_is_within_reach(self, shop: Shop, context: Context) -> None:
        stand = await fill(shop)
        roles = frozenset({Role.STREAM_READER})
        reader = Actor(
            shop.workspace_id,
            None,
            "source",
            roles,
            permissions_of(roles),
            frozenset({stand.id}),
        )

        async with context.database.reading() as tx:
            page = await read_stream(tx, reader, wanted=EVERYTHING, limit=10)
            events = UpdateFilter(entity=Entity.EVENT)
            assert positions(await read_stream(tx, reader, wanted=events, limit=10)) == [3]
            forged = UpdateFilter(node_id=shop.node_id, node_ids=frozenset({shop.node_id}))
            assert positions(await read_stream(tx, reader, wanted=forged, limit=10)) == []
            assert await last_offset(tx, reader, wanted=UpdateFilter(node_id=shop.node_id)) == 0
            assert await last_offset(tx, reader, wanted=EVERYTHING) == 3

        assert positions(page) == [2, 3]

    async def test_needs_the_permission(self, shop: Shop, context: Context) -> None:
        roles = frozenset({Role.APPLICATION})
        actor = Actor(shop.workspace_id, None, "source", roles, permissions_of(roles))

        async with context.database.reading() as tx:
            with pytest.raises(NotPermitted):
                await read_stream(tx, actor, wanted=EVERYTHING, limit=10)
            with pytest.raises(NotPermitted):
                await last_offset(tx, actor, wanted=EVERYTHING)

"""Workspaces and tokens, kept in memory for a moment."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from onefold.actions.access import keep_token, list_tokens, revoke_token, switch_tokens
from onefold.actions.context import Context
from onefold.actions.directory import PICTURE_SECONDS, Directory, require_open
from onefold.actions.workspaces import change_workspace, define_properties, save_node
from onefold.model.access import Role
from onefold.model.errors import Conflict, NotAuthenticated, NotPermitted
from onefold.model.ids import NIL, uuid7
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.workspaces import Node, NodeKind, WorkspaceStatus
from tests.builders import NOON, Shop


class Clock:
    """A time that stands still until a test moves it on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def ticks(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def directory(context: Context, clock: Clock) -> Directory:
    return Directory(context.database, clock=clock.now, ticks=clock.ticks)


async def add_node(shop: Shop, name: str) -> UUID:
    node = await shop.add_node(Node(uuid7(NOON), NodeKind.ENTRY, name))
    return node.id


class TestCaller:
    async def test_is_whoever_holds_the_token(self, shop: Shop, directory: Directory) -> None:
        caller = await directory.caller(await shop.token_for(Role.GUEST))

        assert caller.reader.workspace_id == shop.workspace_id
        assert caller.reader.id == shop.source.id
        assert caller.reader.roles == frozenset({Role.GUEST})

    @pytest.mark.parametrize("text", ["", "x", "é\U0001f600", "x" * 10_000])
    async def test_is_nobody_for_an_unknown_token(self, directory: Directory, text: str) -> None:
        with pytest.raises(NotAuthenticated):
            await directory.caller(text)

    async def test_is_nobody_from_the_moment_a_token_expires(
        self, shop: Shop, directory: Directory, clock: Clock
    ) -> None:
        token = await shop.token_for(Role.GUEST, expires_at=NOON + timedelta(seconds=0.5))
        await directory.caller(token)

        clock.seconds = 0.5

        with pytest.raises(NotAuthenticated):
            await directory.caller(token)

    async def test_is_nobody_a_moment_after_a_token_was_switched_off(
        self, shop: Shop, directory: Directory, clock: Clock, context: Context
    ) -> None:
        token = await shop.token_for(Role.GUEST)
        await directory.caller(token)
        async with context.database.transaction() as tx:
            await switch_tokens(tx, shop.operator, subject_id=shop.source.id, enabled=False)

        await directory.caller(token)
        clock.seconds = PICTURE_SECONDS

        with pytest.raises(NotAuthenticated):
            await directory.caller(token)

    async def test_is_nobody_at_once_when_the_directory_forgets(
        self, shop: Shop, directory: Directory, context: Context
    ) -> None:
        token = await shop.token_for(Role.GUEST)
        await directory.caller(token)
        async with context.database.transaction() as tx:
            for one in await list_tokens(tx, shop.operator):
                await revoke_token(tx, shop.operator, token_id=one.id)

        directory.forget()

        with pytest.raises(NotAuthenticated):
            await directory.caller(token)


class TestWorkspace:
    async def test_is_looked_at_once_by_many_at_a_time(
        self, shop: Shop, directory: Directory
    ) -> None:
        token = await shop.token_for(Role.GUEST)

        callers = await asyncio.gather(*(directory.caller(token) for _ in range(20)))
        pictures = await asyncio.gather(
            *(directory.workspace(shop.workspace_id) for _ in range(20))
        )

        assert len({id(one) for one in callers}) == 1
        assert len({id(one) for one in pictures}) == 1

    async def test_is_looked_at_anew_when_the_directory_forgets_meanwhile(
        self, shop: Shop, directory: Directory
    ) -> None:
        under_way = asyncio.create_task(directory.workspace(shop.workspace_id))
        await asyncio.sleep(0)
        node_id = await add_node(shop, "Late")

        directory.forget_workspace(shop.workspace_id)
        picture = await directory.workspace(shop.workspace_id)
        await under_way

        assert picture is not None
        assert node_id in picture.workspace.nodes

    async def test_is_not_looked_for_any_more_once_the_directory_is_closed(
        self, shop: Shop, context: Context, directory: Directory
    ) -> None:
        """Nobody waits for the look by then: whoever asked has hung up."""
        async with context.database.transaction() as tx:
            await tx.connection.execute("LOCK TABLE workspaces IN ACCESS EXCLUSIVE MODE")
            asking = asyncio.create_task(directory.workspace(shop.workspace_id))
            await asyncio.sleep(0.05)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            looking = asyncio.all_tasks() - {asyncio.current_task()}
            assert looking

            await directory.close()

            assert all(one.cancelled() for one in looking)

    async def test_is_none_when_there_is_none(self, directory: Directory) -> None:
        assert await directory.workspace(NIL) is None

    async def test_is_kept_for_a_moment_and_then_looked_at_again(
        self, shop: Shop, directory: Directory, clock: Clock
    ) -> None:
        first = await directory.workspace(shop.workspace_id)
        stand = await add_node(shop, "Stand")

        assert await directory.workspace(shop.workspace_id) is first
        clock.seconds = PICTURE_SECONDS
        again = await directory.workspace(shop.workspace_id)

        assert again is not None
        assert set(again.workspace.nodes) == {shop.node_id, stand}

    async def test_is_the_same_picture_while_nothing_changed(
        self, shop: Shop, directory: Directory, clock: Clock
    ) -> None:
        first = await directory.workspace(shop.workspace_id)
        clock.seconds = 10 * PICTURE_SECONDS

        assert await directory.workspace(shop.workspace_id) is first


class TestCurrent:
    async def test_is_never_older_than_the_transaction(
        self, shop: Shop, directory: Directory, context: Context
    ) -> None:
        await directory.workspace(shop.workspace_id)
        async with context.database.transaction() as tx:
            await define_properties(
                tx,
                shop.operator,
                owner=CUSTOMER_OWNER,
                definitions={"size": {"schema": {"type": "integer"}}},
                at=NOON,
            )

        async with context.database.transaction() as tx:
            picture = await directory.current(tx, shop.workspace_id)

        assert set(picture.definitions.of_owner(CUSTOMER_OWNER)) == {"size"}

    async def test_of_no_workspace_is_refused(self, directory: Directory, context: Context) -> None:
        async with context.database.transaction() as tx:
            with pytest.raises(NotPermitted):
                await directory.current(tx, NIL)

    async def test_sees_each_part_change(
        self, shop: Shop, directory: Directory, context: Context
    ) -> None:
        async def revision() -> int:
            async with context.database.transaction() as tx:
                return (await directory.current(tx, shop.workspace_id)).workspace.revision

        seen = [await revision()]
        workspace = (await shop.picture()).workspace
        async with context.database.transaction() as tx:
            await change_workspace(tx, shop.operator, workspace=workspace, at=NOON)
        seen.append(await revision())
        async with context.database.transaction() as tx:
            await save_node(tx, shop.operator, node=shop.node, at=NOON)
        seen.append(await revision())
        async with context.database.transaction() as tx:
            await define_properties(
                tx, shop.operator, owner=CUSTOMER_OWNER, definitions={}, at=NOON
            )
        seen.append(await revision())

        assert seen == sorted(set(seen))


class TestStatus:
    async def test_decides_what_can_be_done(self, shop: Shop) -> None:
        workspace = (await shop.picture()).workspace
        suspended = replace(workspace, status=WorkspaceStatus.SUSPENDED)
        disabled = replace(workspace, status=WorkspaceStatus.DISABLED)

        require_open(workspace, writing=True)
        require_open(suspended, writing=False)
        for closed, writing in ((suspended, True), (disabled, True), (disabled, False)):
            with pytest.raises(NotPermitted):
                require_open(closed, writing=writing)


class TestKeptTokens:
    async def test_cannot_take_over_another_workspace_s(self, shop: Shop, context: Context) -> None:
        """The digest is the key of all tokens; whoever knows a text must not change its rights."""
        async with context.database.transaction() as tx:
            (token,) = await list_tokens(tx, shop.operator)
            foreign = replace(token, workspace_id=uuid7(NOON), roles=frozenset({Role.ADMIN}))
            with pytest.raises(Conflict):
                await keep_token(tx, shop.operator, token=foreign, at=NOON)

        async with context.database.transaction() as tx:
            assert await list_tokens(tx, shop.operator) == [token]

    async def test_are_kept_again_as_they_are_now(self, shop: Shop, context: Context) -> None:
        async with context.database.transaction() as tx:
            (token,) = await list_tokens(tx, shop.operator)
            wider = replace(token, roles=frozenset({Role.ADMIN}), node_ids=None)
            await keep_token(tx, shop.operator, token=wider, at=NOON)

            assert await list_tokens(tx, shop.operator) == [wider]

    async def test_stand_nowhere_in_clear_text(self, shop: Shop, context: Context) -> None:
        found = await context.database.pool.fetchval(
            "SELECT count(*) FROM tokens AS t WHERE strpos(t::text, $1) > 0", shop.token
        )

        assert found == 0

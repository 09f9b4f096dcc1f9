"""Provisioning a workspace and its parts."""

from dataclasses import replace

import pytest

from onefold.actions.context import Context
from onefold.actions.workspaces import (
    change_workspace,
    create_workspace,
    define_properties,
    find_source,
    find_workspace,
    list_sources,
    list_workspaces,
    save_source,
)
from onefold.model.access import Actor, Role, permissions_of
from onefold.model.errors import Conflict, Invalid, NotFound, NotPermitted
from onefold.model.ids import NIL, uuid7
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.workspaces import (
    Node,
    NodeKind,
    OnMatch,
    Source,
    UniquePolicy,
    WorkspaceSettings,
    WorkspaceStatus,
)
from tests.builders import NOON, Shop, make_shop

SETTINGS = WorkspaceSettings(
    timezone="Europe/Rome",
    currency="CHF",
    region="CH",
    disabled_event_types=("viewedPage",),
    event_bytes_max={"completedOrder": 1000},
)


class TestAWorkspace:
    async def test_is_found_by_slug_and_by_id(self, context: Context) -> None:
        slug = f"slug-{uuid7(NOON)}"
        async with context.database.transaction() as tx:
            made = await create_workspace(tx, slug=slug, name="Shop", settings=SETTINGS, at=NOON)
            by_slug = await find_workspace(tx, slug_or_id=slug)
            by_id = await find_workspace(tx, slug_or_id=str(made))

            assert (made, slug, "Shop", "ENABLED") in await list_workspaces(tx)
        assert by_slug == by_id
        assert by_slug.id == made
        assert by_slug.settings == SETTINGS
        assert (by_slug.status, by_slug.revision) == (WorkspaceStatus.ENABLED, 1)

    async def test_has_a_slug_of_its_own(self, context: Context) -> None:
        slug = f"slug-{uuid7(NOON)}"
        async with context.database.transaction() as tx:
            await create_workspace(tx, slug=slug, name="One", settings=SETTINGS, at=NOON)

        with pytest.raises(Conflict):
            async with context.database.transaction() as tx:
                await create_workspace(tx, slug=slug, name="Two", settings=SETTINGS, at=NOON)

    @pytest.mark.parametrize("name", ["nobody", str(NIL), ""])
    async def test_that_is_not_there_is_not_found(self, context: Context, name: str) -> None:
        async with context.database.reading() as tx:
            with pytest.raises(NotFound):
                await find_workspace(tx, slug_or_id=name)

    async def test_is_changed_as_a_whole(self, shop: Shop, context: Context) -> None:
        workspace = (await shop.picture()).workspace
        wanted = replace(workspace, name="New", status=WorkspaceStatus.SUSPENDED, settings=SETTINGS)
        async with context.database.transaction() as tx:
            await change_workspace(tx, shop.operator, workspace=wanted, at=NOON)

        stored = (await shop.picture()).workspace
        assert stored == replace(wanted, revision=workspace.revision + 1)

    async def test_is_changed_by_an_administrator_only(self, shop: Shop, context: Context) -> None:
        roles = frozenset({Role.USER})
        user = Actor(shop.workspace_id, None, "member", roles, permissions_of(roles))
        workspace = (await shop.picture()).workspace

        async with context.database.transaction() as tx:
            with pytest.raises(NotPermitted):
                await change_workspace(tx, user, workspace=workspace, at=NOON)


class TestANode:
    async def test_comes_back_as_it_was_saved(self, shop: Shop) -> None:
        node = Node(
            uuid7(NOON),
            NodeKind.AGGREGATE,
            "Union",
            description="All",
            image_url="https://shop.example/logo.png",
            unique=UniquePolicy(
                ("contact.email", "external_id"),
                case_sensitive=True,
                on_match=OnMatch.REFUSE,
                version=3,
            ),
            mandatory=("name.given",),
            source_priority=(shop.source.id,),
        )

        await shop.add_node(node)

        assert (await shop.picture()).workspace.node(node.id) == node

    async def test_is_of_one_workspace(self, shop: Shop, context: Context) -> None:
        other = await make_shop(context)

        with pytest.raises(NotFound):
            (await other.picture()).workspace.node(shop.node_id)


class TestASource:
    async def test_comes_back_as_it_was_saved(self, shop: Shop, context: Context) -> None:
        source = Source(
            uuid7(NOON), "Site", "JavaScript", (shop.node_id,), "The site", properties={"a": [1]}
        )
        async with context.database.transaction() as tx:
            await save_source(tx, shop.operator, source=source, at=NOON)

            assert await find_source(tx, shop.operator, source_id=source.id) == source
            assert source in await list_sources(tx, shop.operator)

    async def test_needs_nodes_of_its_workspace(self, shop: Shop, context: Context) -> None:
        other = await make_shop(context)

        for nodes in ((), (NIL,), (shop.node_id, other.node_id)):
            async with context.database.transaction() as tx:
                with pytest.raises(Invalid):
                    await save_source(
                        tx, shop.operator, source=replace(shop.source, node_ids=nodes), at=NOON
                    )

    async def test_of_another_workspace_is_not_found(self, shop: Shop, context: Context) -> None:
        other = await make_shop(context)

        async with context.database.reading() as tx:
            with pytest.raises(NotFound):
                await find_source(tx, shop.operator, source_id=other.source.id)


class TestProperties:
    async def test_are_what_was_defined_last(self, shop: Shop, context: Context) -> None:
        text, number = {"schema": {"type": "string"}}, {"schema": {"type": "number"}}
        for definitions in ({"a": text, "b": text}, {"b": number, "c": text}):
            async with context.database.transaction() as tx:
                await define_properties(
                    tx, shop.operator, owner=CUSTOMER_OWNER, definitions=definitions, at=NOON
                )

        stored = (await shop.picture()).workspace.properties
        assert stored == {CUSTOMER_OWNER: {"b": number, "c": text}}

    async def test_that_could_never_be_used_are_refused(self, shop: Shop, context: Context) -> None:
        async with context.database.transaction() as tx:
            with pytest.raises(Invalid):
                await define_properties(
                    tx,
                    shop.operator,
                    owner=CUSTOMER_OWNER,
                    definitions={"a": {"schema": {"type": "text"}}},
                    at=NOON,
                )

"""What rules see of a workspace."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from onefold.model.errors import NotFound, NotPermitted
from onefold.model.workspaces import (
    Node,
    NodeKind,
    Workspace,
    WorkspaceSettings,
    WorkspaceStatus,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SHOP = UUID("00000000-0000-7000-8000-000000000001")
COUNTER = Node(UUID("00000000-0000-7000-8000-00000000000a"), NodeKind.ENTRY, "Counter")
UNION = Node(UUID("00000000-0000-7000-8000-00000000000b"), NodeKind.AGGREGATE, "Union")

WORKSPACE = Workspace(
    id=SHOP,
    slug="shop",
    name="Shop",
    status=WorkspaceStatus.ENABLED,
    revision=1,
    created_at=NOON,
    settings=WorkspaceSettings(timezone="Europe/Rome"),
    nodes={COUNTER.id: COUNTER, UNION.id: UNION},
    properties={},
)


class TestNodes:
    def test_are_found_by_id(self) -> None:
        assert WORKSPACE.node(UNION.id) is UNION
        assert WORKSPACE.entry_node(COUNTER.id) is COUNTER

    def test_that_are_not_there_are_not_found(self) -> None:
        with pytest.raises(
            NotFound, match=r"^node not found 00000000-0000-7000-8000-000000000001$"
        ):
            WORKSPACE.node(SHOP)

    def test_that_aggregate_cannot_be_written(self) -> None:
        with pytest.raises(NotPermitted):
            WORKSPACE.entry_node(UNION.id)

    def test_days_begin_where_the_workspace_is(self) -> None:
        assert NOON.astimezone(WORKSPACE.zone()).hour == 13

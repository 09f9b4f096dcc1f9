"""Actors, roles and what they may do."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from onefold.model.access import (
    Actor,
    Permission,
    Role,
    Token,
    operator_of,
    permissions_of,
)
from onefold.model.errors import NotPermitted

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SHOP = UUID("00000000-0000-7000-8000-000000000001")
COUNTER = UUID("00000000-0000-7000-8000-00000000000a")
STAND = UUID("00000000-0000-7000-8000-00000000000b")


def actor_with(*roles: Role, node_ids: frozenset[UUID] | None = None) -> Actor:
    return Actor(SHOP, None, "source", frozenset(roles), permissions_of(frozenset(roles)), node_ids)


class TestRoles:
    @pytest.mark.parametrize(
        ("role", "refused"),
        [
            (Role.BROWSER, Permission.CUSTOMER_SEARCH),
            (Role.BROWSER, Permission.CUSTOMER_READ),
            (Role.BROWSER, Permission.EVENT_READ),
            (Role.GUEST, Permission.CUSTOMER_WRITE),
            (Role.APPLICATION, Permission.UPDATES_READ),
            (Role.APPLICATION, Permission.CONFIGURATION_WRITE),
            (Role.APPLICATION, Permission.CUSTOMER_FORGET),
            (Role.USER, Permission.CONFIGURATION_WRITE),
            (Role.ADMIN, Permission.CUSTOMER_FORGET),
            (Role.ADMIN, Permission.WORKSPACE_PROVISION),
            (Role.STREAM_READER, Permission.CUSTOMER_READ),
            (Role.PRIVACY_OFFICER, Permission.CUSTOMER_WRITE),
            (Role.OPERATOR, Permission.CUSTOMER_FORGET),
        ],
    )
    def test_do_not_carry_more_than_they_should(self, role: Role, refused: Permission) -> None:
        with pytest.raises(NotPermitted):
            actor_with(role).require(refused)

    def test_add_up(self) -> None:
        both = actor_with(Role.BROWSER, Role.STREAM_READER)

        both.require(Permission.EVENT_WRITE)
        both.require(Permission.UPDATES_READ)

    def test_that_are_none_carry_nothing(self) -> None:
        assert permissions_of(frozenset()) == frozenset()

    def test_of_the_machine_carry_everything(self) -> None:
        assert operator_of(SHOP).permissions == frozenset(Permission)


class TestNodes:
    def test_are_all_within_reach_of_an_actor_without_any(self) -> None:
        assert actor_with(Role.USER).may_reach(COUNTER)

    def test_are_out_of_reach_unless_named(self) -> None:
        bound = actor_with(Role.USER, node_ids=frozenset({COUNTER}))

        bound.require_node(COUNTER)
        with pytest.raises(NotPermitted):
            bound.require_node(STAND)

    def test_are_all_out_of_reach_of_an_actor_bound_to_none(self) -> None:
        assert not actor_with(Role.USER, node_ids=frozenset()).may_reach(COUNTER)


class TestToken:
    @pytest.mark.parametrize(
        ("enabled", "expires_at", "usable"),
        [
            (True, None, True),
            (True, NOON + timedelta(seconds=1), True),
            (True, NOON, False),
            (False, None, False),
        ],
    )
    def test_is_usable_while_it_is_enabled_and_not_expired(
        self, *, enabled: bool, expires_at: datetime | None, usable: bool
    ) -> None:
        token = Token(b"", SHOP, SHOP, "source", None, frozenset(), None, enabled, expires_at)

        assert token.usable(NOON) is usable

"""Callers of one shop: with the token of a role, with any other header, or with none."""

from collections.abc import Mapping
from uuid import UUID

import httpx

from onefold.model.access import Role
from tests.builders import Shop
from tests.contracts.recorder import ContractTransport

Api = httpx.AsyncClient
MOUNT = "http://onefold.example/contacthub/hub/v1"


class Clients:
    """Makes HTTP clients whose paths are relative to the shop's workspace."""

    def __init__(self, transport: ContractTransport, shop: Shop) -> None:
        self._transport = transport
        self._shop = shop

    def sending(self, headers: Mapping[str, str | bytes]) -> Api:
        """Send these headers and no others of ours."""
        encoded = [
            (name, value.encode("latin-1") if isinstance(value, str) else value)
            for name, value in headers.items()
        ]
        base = f"{MOUNT}/workspaces/{self._shop.workspace_id}"
        raw = [(name.encode(), value) for name, value in encoded]
        return httpx.AsyncClient(transport=self._transport, base_url=base, headers=raw)

    def bearing(self, token: str) -> Api:
        return self.sending({"Authorization": f"Bearer {token}"})

    async def acting_as(self, *roles: Role, node_ids: frozenset[UUID] | None = None) -> Api:
        return self.bearing(await self._shop.token_for(*roles, node_ids=node_ids))

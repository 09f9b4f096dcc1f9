"""An aggregate node over two shops, made and filled over HTTP as a client would."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx

from onefold.model.access import Role
from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, UniquePolicy
from tests.aggregating import Chain
from tests.builders import NOON, Shop
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import Json

ADA = "ada@shop.example"
STAFF: Json = {"property": "base.contacts.email", "value": "@staff.", "pattern": "CONTAINS"}
UNIONS = "/configuration/nodes/aggregates"
BY_EMAIL: Json = {"properties": ["base.contacts.email"], "caseSensitive": False}


@dataclass(frozen=True)
class Union:
    """Two entry nodes in which the external id is unique, so that an address may come twice."""

    shop: Shop
    second: Node
    admin: Api

    def body(self, **changes: Any) -> Json:
        return {
            "name": "Everybody",
            "description": "Both shops.",
            "imageUrl": "https://shop.example/all.png",
            "entryNodes": [str(self.shop.node_id), str(self.second.id)],
            "matchingProperties": BY_EMAIL,
            "exclusionFilters": [],
            **changes,
        }

    async def post(self, **changes: Any) -> httpx.Response:
        return await self.admin.post(UNIONS, json=self.body(**changes))

    async def make(self, **changes: Any) -> Json:
        answer = await self.post(**changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def activate(self, union: Json) -> None:
        """To ACTIVE, and what the worker does then."""
        answer = await self.admin.put(f"{UNIONS}/{union['id']}/state", json={"state": "ACTIVE"})
        assert (answer.status_code, answer.json()) == (200, {"state": "ACTIVE"})
        await self.work(union)

    async def work(self, union: Json) -> None:
        await Chain(self.shop, self.second, UUID(union["id"])).run_jobs()

    async def active(self, **changes: Any) -> Json:
        union = await self.make(**changes)
        await self.activate(union)
        return union

    async def customer(
        self, external_id: str, email: str, *, second: bool = False, **more: Any
    ) -> Json:
        node_id = self.second.id if second else self.shop.node_id
        base = {"contacts": {"email": email}, **more.pop("base", {})}
        body = {"nodeId": str(node_id), "externalId": external_id, "base": base, **more}
        answer = await self.admin.post("/customers", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def persons(self, union: Json, **params: str) -> list[Json]:
        asked = {"nodeId": union["id"], "sort": "intId", **params}
        answer = await self.admin.get("/customers", params=asked)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["elements"]
        return found

    async def event(self, customer_id: str | None, **changes: Any) -> str:
        body: Json = {"type": "viewedPage", "context": "WEB", "properties": {}}
        if customer_id is not None:
            body["customerId"] = customer_id
        answer = await self.admin.post("/events", json={**body, **changes})
        assert answer.status_code == 202, answer.text
        found: str = answer.json()["id"]
        return found


async def make_union(clients: Clients, shop: Shop) -> Union:
    unique = UniquePolicy(("external_id",))
    await shop.add_node(replace(shop.node, unique=unique))
    second = await shop.add_node(Node(uuid7(NOON), shop.node.kind, "Web", unique=unique))
    return Union(shop, second, await clients.acting_as(Role.ADMIN))

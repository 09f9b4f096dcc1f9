"""A good request for each operation of Contacthub's heart, and a shop in which it succeeds.

What holds for every operation alike (tokens, other workspaces, hostile bodies) is tested with
these, so that no operation is forgotten.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx

from onefold.model.access import Role
from tests.builders import Shop
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import (
    EMAIL,
    Json,
    brought_back,
    event_body,
    full_customer,
    post_customer,
    post_event,
)

WRITERS = frozenset({Role.OPERATOR, Role.ADMIN, Role.USER, Role.APPLICATION, Role.BROWSER})
INSIDERS = WRITERS - {Role.BROWSER}
CUSTOMER_READERS = INSIDERS | {Role.GUEST, Role.PRIVACY_OFFICER}
SEARCHERS = INSIDERS | {Role.GUEST}
STREAM_READERS = INSIDERS - {Role.APPLICATION} | {Role.STREAM_READER}
OFFICERS = frozenset({Role.PRIVACY_OFFICER})


@dataclass(frozen=True)
class Scene:
    """A shop with a customer who has one of everything."""

    shop: Shop
    customer: str
    event: str
    session: str

    def filled(self, value: Json) -> Json:
        """Put the scene's ids where a request names them."""
        if isinstance(value, dict):
            return {name: self.filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if not isinstance(value, str):
            return value
        for name in ("customer", "event", "session"):
            value = value.replace(f"<{name}>", getattr(self, name))
        return value.replace("<node>", str(self.shop.node_id))


@dataclass(frozen=True)
class Example:
    """One request: `roles` may make it, and nobody else."""

    operation: str
    method: str
    path: str
    status: int
    roles: frozenset[Role]
    body: Any = None
    params: dict[str, str] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    async def send(self, client: Api, scene: Scene, **more: Any) -> httpx.Response:
        """Make the request with the ids of the scene; `more` replaces parts of it."""
        sent: dict[str, Any] = {"params": scene.filled(self.params)}
        if self.body is not None and "content" not in more:
            sent["json"] = scene.filled(self.body)
        return await client.request(self.method, scene.filled(self.path), **{**sent, **more})


CUSTOMER = "/customers/<customer>"
EVENT = "/events/<event>"
BASE = {"contacts": {"email": EMAIL}, "firstName": "Augusta"}
NEW = {"nodeId": "<node>", "base": {"contacts": {"email": "new@shop.example"}}}
VISIT = {"type": "viewedPage", "context": "WEB", "properties": {"title": "Tea"}}

EXAMPLES = [
    Example("createEvent", "POST", "/events", 202, WRITERS, VISIT | {"customerId": "<customer>"}),
    Example("getCustomer", "GET", CUSTOMER, 200, CUSTOMER_READERS),
    Example("createCustomer", "POST", "/customers", 201, WRITERS, NEW),
    Example("searchCustomers", "GET", "/customers", 200, SEARCHERS, params={"nodeId": "<node>"}),
    Example("patchCustomer", "PATCH", CUSTOMER, 200, WRITERS, {"base": {"firstName": "Augusta"}}),
    Example("replaceCustomer", "PUT", CUSTOMER, 200, WRITERS, {"nodeId": "<node>", "base": BASE}),
    Example("deleteCustomer", "DELETE", CUSTOMER, 200, INSIDERS),
    Example("forgetCustomer", "DELETE", f"{CUSTOMER}/data", 204, OFFICERS),
    Example("searchEvents", "GET", "/events", 200, INSIDERS, params={"customerId": "<customer>"}),
    Example("getEvent", "GET", EVENT, 200, INSIDERS, params={"nav": "CUSTOMER"}),
    Example("replaceEvent", "PUT", EVENT, 202, WRITERS, VISIT | {"customerId": "<customer>"}),
    Example("patchEvent", "PATCH", EVENT, 202, WRITERS, {"properties": {"title": "Coffee"}}),
    Example("deleteEvent", "DELETE", EVENT, 204, INSIDERS),
    Example("getUpdates", "GET", "/updates", 200, STREAM_READERS),
    Example("getLastOffset", "GET", "/updates/last-offset", 200, STREAM_READERS),
    Example("listSessions", "GET", f"{CUSTOMER}/sessions", 200, INSIDERS),
    Example("createSession", "POST", f"{CUSTOMER}/sessions", 201, WRITERS, {"value": "visit-2"}),
    Example("getSession", "GET", f"{CUSTOMER}/sessions/<session>", 200, INSIDERS),
    Example("deleteSession", "DELETE", f"{CUSTOMER}/sessions/<session>", 200, INSIDERS),
    *(
        Example(*parts)
        for name, plural, item_id, created, more in (
            ("Subscription", "subscriptions", "news", 201, {"subscribed": False}),
            ("Education", "educations", "school", 200, {"schoolName": "Other"}),
            ("Like", "likes", "tea", 200, {"name": "Other"}),
            ("Job", "jobs", "clerk", 200, {"jobTitle": "Other"}),
        )
        for parts in (
            (f"create{name}", "POST", f"{CUSTOMER}/{plural}", created, WRITERS, more | {"id": "x"}),
            (f"get{name}", "GET", f"{CUSTOMER}/{plural}/{item_id}", 200, CUSTOMER_READERS),
            (f"update{name}", "PUT", f"{CUSTOMER}/{plural}/{item_id}", 200, WRITERS, more),
            (f"delete{name}", "DELETE", f"{CUSTOMER}/{plural}/{item_id}", 200, INSIDERS),
        )
    ),
]
WITH_BODY = [example for example in EXAMPLES if example.body is not None]


async def make_scene(clients: Clients, shop: Shop, email: str = EMAIL) -> Scene:
    """Tell the story of one customer over the API itself."""
    client = clients.bearing(shop.token)
    customer = (await post_customer(client, shop, email, **full_customer(email)))["id"]
    brought = brought_back(shop, "SESSION_ID", "visit-1")
    await post_event(client, event_body(bringBackProperties=brought))
    event = await post_event(client, event_body(customer, properties={"title": "Tea"}))
    answer = await client.post(f"/customers/{customer}/sessions", json={"value": "visit-1"})
    return Scene(shop, customer, event, answer.json()["id"])

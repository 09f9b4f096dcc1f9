"""Sources as tests make and change them over HTTP."""

from typing import Any

import httpx

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api, Clients

PATH = "/configuration/sources"
Json = dict[str, Any]


def a_source(shop: Shop, **changes: Any) -> Json:
    return {"provider": "API", "name": "Shop floor", "nodes": [str(shop.node_id)], **changes}


def send_properties(**changes: Any) -> Json:
    return {"groupPk": 44, "userdbId": 7, "options": {"syncCustomer": "IN_OUT"}, **changes}


async def made(api: Api, shop: Shop, **changes: Any) -> Json:
    answer = await api.post(PATH, json=a_source(shop, **changes))
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


async def changed(api: Api, source: Json, **changes: Any) -> httpx.Response:
    body = {name: value for name, value in source.items() if name != "token"}
    return await api.put(f"{PATH}/{source['id']}", json={**body, **changes})


async def reaches(clients: Clients, shop: Shop, token: str) -> int:
    """The status of a customer search with a token."""
    api = clients.bearing(token)
    return (await api.get("/customers", params={"nodeId": str(shop.node_id)})).status_code

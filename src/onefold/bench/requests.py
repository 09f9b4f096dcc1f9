"""Requests as the bytes that go over the wire, made before anything is measured."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from onefold.bench.people import Document, customer_body, email_of, event_body, family_of
from onefold.bench.place import Shop

ROOT = "/contacthub/hub/v1/workspaces"


def post(shop: Shop, path: str, body: Mapping[str, Any]) -> bytes:
    text = json.dumps(body, separators=(",", ":")).encode()
    head = f"{_head('POST', shop, path)}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text


def get(shop: Shop, path: str, **query: str) -> bytes:
    asked = f"{path}?{urlencode(query)}" if query else path
    return f"{_head('GET', shop, asked)}\r\n".encode()


def event_requests(
    shop: Shop, customer_ids: Sequence[UUID], *, count: int, at: datetime
) -> list[bytes]:
    """Events of mixed types, spread over the customers."""
    return [
        post(shop, "/events", event_body(number, customer_ids[number % len(customer_ids)], at))
        for number in range(count)
    ]


def read_requests(shop: Shop, customer_ids: Sequence[UUID]) -> list[bytes]:
    return [get(shop, f"/customers/{customer_id}") for customer_id in customer_ids]


def upsert_requests(shop: Shop, *, known: int, start: int, count: int) -> list[bytes]:
    """Customers in turns new, from `start` on, and one of the `known`, who has moved house."""
    return [
        post(
            shop,
            "/customers",
            _moved(start + place if place % 2 else place * 7919 % known, start + place, shop),
        )
        for place in range(count)
    ]


def search_by_email(shop: Shop, number: int) -> bytes:
    return _search(shop, "base.contacts.email", email_of(number))


def search_by_family(shop: Shop, number: int) -> bytes:
    return _search(shop, "base.lastName", family_of(number))


def search_newest(shop: Shop) -> bytes:
    return get(shop, "/customers", nodeId=str(shop.node_id))


def _search(shop: Shop, attribute: str, value: str) -> bytes:
    condition = {
        "type": "atomic",
        "attribute": attribute,
        "operator": "EQUALS",
        "value": value,
    }
    query = {"query": {"type": "simple", "are": {"condition": condition}}}
    return get(shop, "/customers", nodeId=str(shop.node_id), query=json.dumps(query))


def _moved(number: int, house: int, shop: Shop) -> Document:
    body = customer_body(number, shop.node_id)
    body["base"]["address"]["street"] = f"Via Nuova {house}"
    del body["tags"]
    return body


def _head(method: str, shop: Shop, path: str) -> str:
    return (
        f"{method} {ROOT}/{shop.workspace_id}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {shop.token}\r\nAccept: application/json\r\n"
    )

"""Bodies of Contacthub's customers and events, all of them fictional."""

import json
from typing import Any

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api

Json = Any
"""A JSON value as Python reads it."""

EMAIL = "ada@shop.example"

SUBSCRIPTION: Json = {
    "id": "news",
    "name": "Newsletter",
    "type": "weekly",
    "kind": "DIGITAL_MESSAGE",
    "subscribed": True,
    "startDate": "2026-01-02T08:00:00.000+0000",
    "endDate": "2027-01-02T08:00:00.000+0000",
    "subscriberId": "s-1",
    "registeredAt": "2026-01-02T08:00:00.000+0000",
    "updatedAt": "2026-01-03T08:00:00.000+0000",
    "subscribeContext": {"ip": "192.0.2.1", "userAgent": "Till/1"},
    "unsubscribeContext": {
        "ip": "192.0.2.2",
        "userAgent": "Till/2",
        "campaignId": "c-1",
        "campaignMessageId": "m-1",
    },
    "preferences": [{"key": "colour", "value": "green"}],
}
EDUCATION: Json = {
    "id": "school",
    "schoolType": "HIGH_SCHOOL",
    "schoolName": "Example High",
    "schoolConcentration": "Mathematics",
    "startYear": 1999,
    "endYear": 2004,
    "isCurrent": False,
}
LIKE: Json = {
    "id": "tea",
    "category": "drinks",
    "name": "Tea",
    "createdTime": "2026-01-02T08:00:00.000+0000",
}
JOB: Json = {
    "id": "clerk",
    "companyIndustry": "Retail",
    "companyName": "Example Ltd",
    "jobTitle": "Clerk",
    "startDate": "2010-02-03",
    "endDate": "2020-02-03",
    "isCurrent": False,
}
CONSENT: Json = {"status": True, "limitation": False, "objection": False}

FULL: Json = {
    "externalId": "till-7",
    "extra": "likes window seats",
    "enabled": True,
    "base": {
        "pictureUrl": "https://shop.example/ada.png",
        "title": "Ms",
        "prefix": "Dr",
        "firstName": "Ada",
        "lastName": "Byron",
        "middleName": "Augusta",
        "gender": "female",
        "dob": "1985-12-10",
        "locale": "en_GB",
        "timezone": "Europe/London",
        "contacts": {
            "email": EMAIL,
            "fax": "+44 20 7946 0001",
            "mobilePhone": "+44 7700 900001",
            "phone": "+44 20 7946 0002",
            "otherContacts": [{"name": "work", "type": "EMAIL", "value": "ada@work.example"}],
            "mobileDevices": [
                {
                    "identifier": "d-1",
                    "appId": "app",
                    "name": "phone",
                    "type": "IOS",
                    "notificationService": "APN",
                }
            ],
        },
        "address": {
            "street": "1 Example Street",
            "city": "London",
            "country": "GB",
            "province": "LND",
            "region": "Greater London",
            "zip": "EC1A 1BB",
            "geo": {"lat": 51.5, "lon": -0.12},
        },
        "credential": {"username": "ada", "password": None},
        "educations": [EDUCATION],
        "likes": [LIKE],
        "socialProfile": {
            "facebook": "ada.f",
            "google": "ada.g",
            "instagram": "ada.i",
            "linkedin": "ada.l",
            "qzone": "ada.q",
            "twitter": "ada.t",
        },
        "jobs": [JOB],
        "subscriptions": [SUBSCRIPTION],
    },
    "consents": {
        "disclaimer": {"date": "2026-01-02T08:00:00.000+0000", "version": "v1"},
        "marketing": {
            "traditional": {"telephonic": CONSENT, "papery": CONSENT},
            "automatic": {
                "sms": CONSENT,
                "email": CONSENT,
                "push": CONSENT,
                "im": CONSENT,
                "telephonic": CONSENT,
            },
        },
        "profiling": {"classic": CONSENT, "online": CONSENT},
        "softSpam": {"email": CONSENT, "papery": CONSENT},
        "thirdPartyTransfer": {"profiling": CONSENT, "marketing": CONSENT},
    },
    "tags": {"auto": ["regular"], "manual": ["friend", "vip"]},
}
"""Every field of the contract but the extended ones; passwords take long, and no answer has one."""


def full_customer(email: str = EMAIL) -> Json:
    copied: Json = json.loads(json.dumps(FULL))
    copied["base"]["contacts"]["email"] = email
    return copied


def customer_body(shop: Shop, email: str = EMAIL, **parts: Json) -> Json:
    """Give the least that the shop's node asks for, and these parts; `base` is merged into."""
    base = {"contacts": {"email": email}, **parts.pop("base", {})}
    return {"nodeId": str(shop.node_id), "base": base, **parts}


async def post_customer(client: Api, shop: Shop, email: str = EMAIL, **parts: Json) -> Json:
    """Create a customer and give it back as it was answered."""
    answer = await client.post("/customers", json=customer_body(shop, email, **parts))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def read_customer(client: Api, customer_id: str) -> Json:
    answer = await client.get(f"/customers/{customer_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def event_body(customer_id: str | None = None, **parts: Json) -> Json:
    """Give a page view of this customer; without one, `bringBackProperties` must be a part."""
    owner = {} if customer_id is None else {"customerId": customer_id}
    return {"type": "viewedPage", "context": "WEB", "properties": {}, **owner, **parts}


def brought_back(shop: Shop, by: str, value: str) -> Json:
    return {"type": by, "value": value, "nodeId": str(shop.node_id)}


async def post_event(client: Api, body: Json) -> str:
    """Record an event and give its id."""
    answer = await client.post("/events", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def read_event(client: Api, event_id: str, **params: str) -> Json:
    answer = await client.get(f"/events/{event_id}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()

"""Fictional customers and events, the same for the same number; everybody lives under .example."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

FAMILIES = 400
"""How many family names there are."""

GIVEN_NAMES = ("Ada", "Bruno", "Carla", "Dario", "Elena", "Fabio", "Gina", "Hugo", "Irma", "Lino")
CITIES = ("Torino", "Milano", "Roma", "Napoli", "Bari", "Genova", "Parma", "Pisa", "Siena", "Como")
_EPOCH = date(1950, 1, 1)
_BIRTH_DAYS = 18_000
_PRICE_STEPS = 997

Document = dict[str, Any]


def email_of(number: int) -> str:
    return f"person{number}@shop.example"


def family_of(number: int) -> str:
    return f"Rossi{number % FAMILIES}"


def customer_body(number: int, node_id: UUID) -> Document:
    """A customer as Contacthub's clients send it."""
    return {
        "nodeId": str(node_id),
        "externalId": f"C-{number}",
        "base": {
            "firstName": GIVEN_NAMES[number % len(GIVEN_NAMES)],
            "lastName": family_of(number),
            "dob": _birth_date(number).isoformat(),
            "locale": "it_IT",
            "contacts": {"email": email_of(number), "mobilePhone": _mobile(number)},
            "address": {
                "street": f"Via Roma {number % 200 + 1}",
                "city": CITIES[number % len(CITIES)],
                "zip": f"{10_000 + number % 80_000}",
                "country": "IT",
            },
        },
        "tags": {"manual": ["newsletter", f"wave-{number % 12}"], "auto": []},
    }


def customer_values(number: int) -> Document:
    """The same customer by the paths of the record."""
    return {
        "external_id": f"C-{number}",
        "name.given": GIVEN_NAMES[number % len(GIVEN_NAMES)],
        "name.family": family_of(number),
        "birth_date": _birth_date(number),
        "locale": "it_IT",
        "contact.email": email_of(number),
        "contact.mobile": _mobile(number),
        "address.street": f"Via Roma {number % 200 + 1}",
        "address.city": CITIES[number % len(CITIES)],
        "address.postal_code": f"{10_000 + number % 80_000}",
        "address.country": "IT",
    }


def event_body(number: int, customer_id: UUID, at: datetime) -> Document:
    """An event as Contacthub's clients send it, 300 to 600 bytes, valid by the contract."""
    event_type, properties = event_of(number)
    return {
        "customerId": str(customer_id),
        "type": event_type,
        "context": "ECOMMERCE" if event_type == "completedOrder" else "WEB",
        "date": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+0000",
        "properties": properties,
        "contextInfo": {
            "client": {"ip": f"203.0.113.{number % 250 + 1}", "userAgent": "Mozilla/5.0 (X11)"}
        },
    }


def event_of(number: int) -> tuple[str, Document]:
    """Type and properties; of twenty events eight are pages and two are orders."""
    make = _KINDS[number * 7 % len(_KINDS)]
    return make(number)


def spread_over(year_end: datetime, number: int, count: int) -> datetime:
    """The moment of one of many events spread evenly over the year before."""
    return year_end - timedelta(days=364) * (number % count) / max(1, count)


def _birth_date(number: int) -> date:
    return _EPOCH + timedelta(days=number * 31 % _BIRTH_DAYS)


def _mobile(number: int) -> str:
    return f"+39333{number % 10_000_000:07d}"


def _product(number: int) -> Document:
    sku = f"SKU-{number % 5000}"
    return {
        "id": sku,
        "sku": sku,
        "name": f"Running shoe {number % 5000}",
        "price": _price(number),
        "category": ["shoes", "running"],
        "linkUrl": f"https://shop.example/p/{sku}",
    }


def _price(number: int) -> float:
    return (number % _PRICE_STEPS * 10 + 990) / 100


def _viewed_page(number: int) -> tuple[str, Document]:
    page = f"/collections/{number % 300}"
    return "viewedPage", {
        "path": page,
        "title": f"Collection {number % 300}, shoes for every road",
        "url": f"https://shop.example{page}",
        "referer": "https://search.example/results?q=shoes",
        "pageCategories": ["shoes", "collections"],
    }


def _viewed_product(number: int) -> tuple[str, Document]:
    return "viewedProduct", _product(number)


def _added_product(number: int) -> tuple[str, Document]:
    return "addedProduct", {**_product(number), "quantity": number % 3 + 1}


def _searched(number: int) -> tuple[str, Document]:
    return "searched", {
        "keyword": f"running shoes size {36 + number % 12}",
        "resultCount": number % 90,
        "extraProperties": {"place": "header", "suggested": number % 2 == 0},
    }


def _completed_order(number: int) -> tuple[str, Document]:
    price = _price(number)
    line = {"sku": f"SKU-{number % 5000}", "quantity": 1, "price": price, "type": "sale"}
    return "completedOrder", {
        "orderId": f"O-{number}",
        "type": "sale",
        "paymentMethod": "creditcard",
        "amount": {"total": price, "tax": 2.5, "local": {"currency": "EUR"}},
        "products": [{**line, "name": f"Running shoe {number % 5000}"}],
    }


_KINDS = (
    *(_viewed_page,) * 8,
    *(_viewed_product,) * 5,
    *(_added_product,) * 3,
    *(_searched,) * 2,
    *(_completed_order,) * 2,
)

"""A shop's year, made up: who came, what they did, and an account of it that is kept by hand."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Rome")
COUNTER, WEB = "counter", "web"
CAMPAIGNS = ("spring", "summer", "autumn", "winter")
DAYS_BACK_MAX = 350
VISITORS = 5
"""One web customer in so many looks around before saying who it is; half of them never say."""

POSTED_OF_ORDERS = 20
"""One order in so many is sent by the till itself, the others come in files."""


class Person(NamedTuple):
    external_id: str
    node: str
    email: str
    mobile: str


class Deed(NamedTuple):
    """What somebody did; `who` is an external id, or a session while nobody is known."""

    node: str
    who: str
    type: str
    context: str
    at: datetime
    properties: dict[str, Any]
    session: bool = False

    @property
    def day(self) -> date:
        return self.at.astimezone(ZONE).date()

    def line(self) -> str:
        """As a line of a file that is imported."""
        told = {
            "external_id": self.who,
            "type": self.type,
            "context": self.context,
            "date": self.at.isoformat(),
            "properties": self.properties,
        }
        return json.dumps(told) + "\n"


class Bought(NamedTuple):
    """What purchases came to."""

    revenue: Decimal
    orders: int
    returns: int
    units: int


@dataclass
class Year:
    people: list[Person]
    deeds: list[Deed]
    posted: list[Deed]
    """Orders that the till sends itself."""
    visits: list[Deed]
    """Pages seen by sessions."""
    claims: dict[str, str]
    """Session -> the external id of whoever turned out to have it."""

    def all_deeds(self) -> list[Deed]:
        return [*self.deeds, *self.posted, *self.visits]

    def people_of(self, node: str) -> list[Person]:
        return [one for one in self.people if one.node == node]

    def people_file(self, node: str) -> str:
        rows = [f"{one.external_id},{one.email},{one.mobile}" for one in self.people_of(node)]
        return "\n".join(["external_id,email,mobile", *rows]) + "\n"

    def deeds_file(self, node: str) -> str:
        return "".join(one.line() for one in self.deeds if one.node == node)

    def ids_of(self, email: str) -> set[tuple[str, str]]:
        """Node and external id of everybody with this address."""
        return {(one.node, one.external_id) for one in self.people if one.email == email}

    def owner(self, deed: Deed) -> tuple[str, str] | None:
        who = self.claims.get(deed.who) if deed.session else deed.who
        return None if who is None else (deed.node, who)


def by_day(deeds: Iterable[Deed], since: date) -> dict[tuple[str, str], dict[date, int]]:
    """Type and context -> day -> how many."""
    found: dict[tuple[str, str], dict[date, int]] = defaultdict(Counter)
    for one in deeds:
        if one.day >= since:
            found[one.type, one.context][one.day] += 1
    return {key: dict(days) for key, days in found.items()}


def bought(deeds: Iterable[Deed], since: date) -> Bought:
    revenue, orders, returns, units = Decimal(0), 0, 0, 0
    for one in deeds:
        if one.type != "completedOrder" or one.day < since:
            continue
        sign = -1 if one.properties["type"] == "return" else 1
        revenue += sign * Decimal(str(one.properties["amount"]["total"]))
        units += sign * sum(line["quantity"] for line in one.properties["products"])
        orders, returns = orders + (sign > 0), returns + (sign < 0)
    return Bought(revenue, orders, returns, units)


def plan_year(size: int, *, now: datetime) -> Year:
    """Six in ten come to the counter, the others buy on the web; half of these do both."""
    chance = Random(size)  # noqa: S311 - the same year every time
    at_counter = size * 6 // 10
    people = [_person(COUNTER, number, number) for number in range(at_counter)]
    for number in range(size - at_counter):
        shared = number % 2 == 0
        people.append(_person(WEB, number, number if shared else at_counter + number))
    plan = _Plan(chance, now)
    deeds = [deed for one in people for deed in plan.of_person(one)]
    orders = [one for one in deeds if one.type == "completedOrder"]
    posted = orders[::POSTED_OF_ORDERS]
    kept = _without(deeds, posted)
    visitors = [one for one in people if one.node == WEB][::VISITORS]
    visits = [plan.visit(f"visit-{one.external_id}") for one in visitors for _ in range(2)]
    claims = {f"visit-{one.external_id}": one.external_id for one in visitors[::2]}
    return Year(people, kept, posted, visits, claims)


def _without(deeds: list[Deed], taken: list[Deed]) -> list[Deed]:
    gone = {id(one) for one in taken}
    return [one for one in deeds if id(one) not in gone]


def _person(node: str, number: int, address: int) -> Person:
    mobile = f"+39333{address:07}" if number % 3 == 0 else ""
    return Person(f"{node}-{number}", node, f"p{address}@shop.example", mobile)


class _Plan:
    """Draws what people do on which day."""

    def __init__(self, chance: Random, now: datetime) -> None:
        self._chance = chance
        self._now = now

    def of_person(self, person: Person) -> Iterable[Deed]:
        for name in CAMPAIGNS:
            sent = self._moment()
            about = {"campaignId": name, "channel": "EMAIL"}
            yield self._deed(person, "campaignSent", "DIGITAL_CAMPAIGN", sent, about)
            if self._chance.random() < 0.3:
                opened = self._after(sent)
                yield self._deed(person, "campaignOpened", "DIGITAL_CAMPAIGN", opened, about)
        for _ in range(2):
            page = {"title": self._chance.choice(["Tea", "Mate", "Cocoa"])}
            yield self._deed(person, "viewedPage", "WEB", self._moment(), page)
        if self._chance.random() < 0.5:
            yield from self._purchase(person)

    def visit(self, session: str) -> Deed:
        page = {"title": "Home"}
        return Deed(WEB, session, "viewedPage", "WEB", self._moment(), page, session=True)

    def _purchase(self, person: Person) -> Iterable[Deed]:
        context = "RETAIL" if person.node == COUNTER else "ECOMMERCE"
        at = self._moment()
        order = {
            "orderId": f"{person.external_id}-1",
            "type": "sale",
            "amount": {"total": self._chance.randrange(100, 20_000) / 100},
            "products": [{"id": "tea", "quantity": self._chance.randint(1, 3)}],
        }
        yield self._deed(person, "completedOrder", context, at, order)
        if self._chance.random() < 0.2:
            back = {**order, "type": "return"}
            yield self._deed(person, "completedOrder", context, self._after(at), back)

    @staticmethod
    def _deed(person: Person, kind: str, context: str, at: datetime, about: dict[str, Any]) -> Deed:
        return Deed(person.node, person.external_id, kind, context, at, about)

    def _moment(self) -> datetime:
        """Any second of the year, those around midnight too."""
        back = self._chance.randrange(3600, DAYS_BACK_MAX * 86_400)
        return (self._now - timedelta(seconds=back)).replace(microsecond=0)

    def _after(self, at: datetime) -> datetime:
        return min(at + timedelta(seconds=self._chance.randrange(60, 10 * 86_400)), self._now)

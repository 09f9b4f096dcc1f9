"""contacthub-sdk-python 0.2 from PyPI: its query language, sent as it puts it together."""

from datetime import date
from uuid import uuid4

import pytest
from contacthub.models.customer import Customer
from contacthub.models.query import between_, in_, not_in_
from contacthub.models.query.criterion import Criterion
from contacthub.models.query.query import Query
from contacthub.node import Node

from tests.dialects.contacthub.published.conftest import fresh_email

PEOPLE = {
    "Ada": {"lastName": "Lovelace", "dob": date(1985, 12, 10), "address": {"city": "London"}},
    "Bea": {"lastName": "Rossi", "dob": date(1990, 6, 1), "address": {"city": "Roma"}},
    "Cem": {"dob": date(1995, 1, 31), "contacts": {"mobilePhone": "+393331234567"}},
}


@pytest.fixture(scope="module")
def family(node: Node) -> str:
    """Three people who share a middle name that nobody else has."""
    name = uuid4().hex
    for first, base in PEOPLE.items():
        contacts = {"email": fresh_email(), **base.get("contacts", {})}  # type: ignore[dict-item] # of mixed values
        node.add_customer(
            tags={"auto": [], "manual": [first, "all"]},
            base={**base, "firstName": first, "middleName": name, "contacts": contacts},
        )
    return name


def names(query: Query) -> list[str]:
    return sorted(one.base.firstName for one in query.all())


def within(node: Node, family: str) -> Query:
    return node.query(Customer).filter(Customer.base.middleName == family)


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "found"),
        [
            (Customer.base.firstName == "Ada", ["Ada"]),
            (Customer.base.firstName != "Ada", ["Bea", "Cem"]),
            (Customer.base.lastName == None, ["Cem"]),  # noqa: E711 - the client's own words
            (Customer.base.lastName != None, ["Ada", "Bea"]),  # noqa: E711 - the same
            (Customer.base.address.city == "Roma", ["Bea"]),
            (Customer.base.dob > date(1990, 6, 1), ["Cem"]),
            (Customer.base.dob >= date(1990, 6, 1), ["Bea", "Cem"]),
            (Customer.base.dob < date(1990, 6, 1), ["Ada"]),
            (Customer.base.dob <= date(1990, 6, 1), ["Ada", "Bea"]),
            (between_(Customer.base.dob, date(1985, 12, 10), date(1990, 6, 1)), ["Ada", "Bea"]),
            (in_("Bea", Customer.tags.manual), ["Bea"]),
            (in_(["Ada", "Cem"], Customer.base.firstName), ["Ada", "Cem"]),
            (not_in_(["Ada", "Cem"], Customer.base.firstName), ["Bea"]),
            (
                (Customer.base.firstName == "Ada") | (Customer.base.address.city == "Roma"),
                ["Ada", "Bea"],
            ),
            (
                (Customer.tags.manual == "all") & (Customer.base.dob > date(1986, 1, 1)),
                ["Bea", "Cem"],
            ),
        ],
    )
    def test_find_whom_they_describe(
        self, node: Node, family: str, condition: Criterion, found: list[str]
    ) -> None:
        assert names(within(node, family).filter(condition)) == found

    def test_pile_up(self, node: Node, family: str) -> None:
        query = within(node, family).filter(Customer.base.dob > date(1986, 1, 1))

        assert names(query.filter(Customer.base.lastName == "Rossi")) == ["Bea"]


class TestQueries:
    def test_are_united_and_intersected(self, node: Node, family: str) -> None:
        ada = within(node, family).filter(Customer.base.firstName == "Ada")
        bea = within(node, family).filter(Customer.base.firstName == "Bea")
        with_a_name = within(node, family).filter(Customer.base.lastName != None)  # noqa: E711 - the same

        assert names(ada | bea) == ["Ada", "Bea"]
        assert names(with_a_name & bea) == ["Bea"]
        assert names(ada & bea) == []
        assert names((ada | bea) | within(node, family)) == ["Ada", "Bea", "Cem"]

    def test_page(self, node: Node, family: str) -> None:
        found = within(node, family).all()

        assert (found.total_elements, found.total_pages) == (3, 1)

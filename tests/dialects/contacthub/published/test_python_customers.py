"""contacthub-sdk-python 0.2 from PyPI: customers, tags and sessions."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from contacthub.errors.api_error import APIError
from contacthub.errors.operation_not_permitted import OperationNotPermitted
from contacthub.models import Properties
from contacthub.models.customer import Customer
from contacthub.node import Node

from tests.dialects.contacthub.published.conftest import fresh_email


def make_customer(node: Node, email: str | None = None, **base: Any) -> Customer:
    contacts = Properties(email=email or fresh_email())
    return node.add_customer(base=Properties(contacts=contacts, **base))


class TestAdding:
    def test_gives_back_what_was_sent(self, node: Node) -> None:
        email = fresh_email()

        ada = node.add_customer(
            externalId="till-1",
            extra="likes tea",
            base=Properties(
                firstName="Ada",
                dob=date(1985, 12, 10),
                timezone=Customer.TIMEZONES.EUROPE_ROME,
                contacts=Properties(
                    email=email,
                    otherContacts=[
                        Properties(name="work", type=Customer.OTHER_CONTACT_TYPES.PHONE, value="1")
                    ],
                ),
                address=Properties(city="Roma", geo=Properties(lat=41.9, lon=12.5)),
            ),
            tags=Properties(auto=["a"], manual=["b", "c"]),
        )

        assert ada.base.firstName == "Ada"
        assert ada.base.dob == "1985-12-10"
        assert ada.base.contacts.email == email
        assert [one.to_dict() for one in ada.base.contacts.otherContacts] == [
            {"name": "work", "type": "PHONE", "value": "1"}
        ]
        assert ada.base.address.geo.to_dict() == {"lat": 41.9, "lon": 12.5}
        assert (ada.externalId, ada.extra) == ("till-1", "likes tea")
        assert (ada.tags.auto, ada.tags.manual) == (["a"], ["b", "c"])
        assert node.get_customer(id=ada.id).to_dict() == ada.to_dict()

    def test_of_an_object_posts_it(self, node: Node) -> None:
        email = fresh_email()
        made = Customer(node=node, base=Properties(contacts=Properties(email=email)))
        made.base.firstName = "Bea"
        made.extra = "by object"

        made.post()

        (found,) = node.query(Customer).filter(Customer.base.contacts.email == email).all()
        assert (found.base.firstName, found.extra) == ("Bea", "by object")

    def test_of_somebody_known_merges(self, node: Node) -> None:
        email = fresh_email()
        ada = make_customer(node, email, firstName="Ada")

        again = make_customer(node, email, lastName="Byron")

        assert again.id == ada.id
        assert (again.base.firstName, again.base.lastName) == ("Ada", "Byron")

    def test_is_refused_in_a_node_that_does_not_merge(self, strict_node: Node) -> None:
        email = fresh_email()
        make_customer(strict_node, email)

        with pytest.raises(APIError, match="Status code: 409"):
            make_customer(strict_node, email)

    def test_with_force_patches_whom_the_conflict_names(self, strict_node: Node) -> None:
        email = fresh_email()
        ada = make_customer(strict_node, email, firstName="Ada")

        forced = strict_node.add_customer(
            force_update=True, base={"contacts": {"email": email}, "lastName": "Byron"}
        )

        assert forced.id == ada.id
        assert (forced.base.firstName, forced.base.lastName) == ("Ada", "Byron")

    def test_without_what_the_node_asks_for_tells_why(self, node: Node) -> None:
        with pytest.raises(APIError, match="unique customer property is required"):
            node.add_customer(base=Properties(firstName="Nobody"))


class TestReading:
    def test_by_external_id_gives_the_one_or_all(self, node: Node) -> None:
        name = uuid4().hex
        ada = node.add_customer(externalId=name, base={"contacts": {"email": fresh_email()}})

        assert node.get_customer(external_id=name).id == ada.id
        assert node.get_customer(external_id=f"{name}-x") == []

    def test_of_an_unknown_id_is_an_error_of_the_client(self, node: Node) -> None:
        for wanted in (str(uuid4()), "not-existing"):
            with pytest.raises(APIError, match="Status code: 404"):
                node.get_customer(id=wanted)

    def test_pages_forth_and_back(self, node: Node) -> None:
        name = uuid4().hex
        ids = {
            node.add_customer(externalId=name, base={"contacts": {"email": fresh_email()}}).id
            for _ in range(3)
        }

        found = node.get_customers(external_id=name, size=2, fields=["base.contacts.email"])
        first = [one.id for one in found]
        second = [one.id for one in found.next_page()]

        assert (found.total_elements, found.total_pages, found.size) == (3, 2, 2)
        assert (len(first), len(second), {*first, *second}) == (2, 1, ids)
        with pytest.raises(OperationNotPermitted):
            found.next_page()
        assert [one.id for one in found.previous_page()] == first


class TestChanging:
    def test_patches_what_was_set(self, node: Node) -> None:
        ada = make_customer(node, firstName="Ada", lastName="Lovelace")
        ada.base.lastName = "Byron"
        ada.base.contacts.mobilePhone = "+393331234567"
        ada.extra = "changed"

        ada.patch()

        read = node.get_customer(id=ada.id)
        assert (read.base.firstName, read.base.lastName) == ("Ada", "Byron")
        assert read.base.contacts.mobilePhone == "+393331234567"
        assert read.base.contacts.email == ada.base.contacts.email
        assert read.extra == "changed"

    def test_patches_a_whole_object(self, node: Node) -> None:
        ada = make_customer(node, address=Properties(city="Roma", zip="00100"))
        ada.base.address = Properties(city="Milano", country="IT")

        ada.patch()

        address = node.get_customer(id=ada.id).base.address.to_dict()
        assert (address["city"], address["country"], address["zip"]) == ("Milano", "IT", None)

    def test_puts_the_whole_customer(self, node: Node) -> None:
        ada = make_customer(node, firstName="Ada", lastName="Lovelace")
        del ada.attributes["base"]["lastName"]
        ada.base.firstName = "Augusta"

        ada.put()

        read = node.get_customer(id=ada.id)
        assert (read.base.firstName, read.base.lastName) == ("Augusta", None)

    def test_updates_by_id(self, node: Node) -> None:
        ada = make_customer(node, firstName="Ada", lastName="Lovelace")
        contacts = {"email": ada.base.contacts.email}

        patched = node.update_customer(ada.id, base={"lastName": "Byron"})
        put = node.update_customer(
            ada.id, full_update=True, nodeId=node.node_id, base={"contacts": contacts}
        )

        assert (patched.base.firstName, patched.base.lastName) == ("Ada", "Byron")
        assert (put.base.firstName, put.base.lastName) == (None, None)

    def test_deletes(self, node: Node) -> None:
        ada = make_customer(node)

        ada.delete()

        with pytest.raises(APIError, match="Status code: 404"):
            node.get_customer(id=ada.id)


class TestTags:
    def test_are_added_and_removed(self, node: Node) -> None:
        ada = make_customer(node)
        for tag in ("vip", "two"):
            node.add_tag(ada.id, tag)
        added = node.get_customer(id=ada.id).tags.manual

        node.remove_tag(ada.id, "vip")

        assert added == ["vip", "two"]
        assert node.get_customer(id=ada.id).tags.manual == ["two"]
        with pytest.raises(ValueError, match="Tag not in Customer's Tags"):
            node.remove_tag(ada.id, "vip")


class TestSessions:
    def test_are_tied_as_often_as_the_client_likes(self, node: Node) -> None:
        ada = make_customer(node)
        value = node.create_session_id()

        for _ in range(2):
            assert node.add_customer_session(customer_id=ada.id, session_id=value) == value

    def test_of_somebody_else_are_refused(self, node: Node) -> None:
        value = node.create_session_id()
        node.add_customer_session(customer_id=make_customer(node).id, session_id=value)

        with pytest.raises(APIError, match="Status code: 409"):
            node.add_customer_session(customer_id=make_customer(node).id, session_id=value)

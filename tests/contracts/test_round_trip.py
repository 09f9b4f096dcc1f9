"""The vendor's samples go into the record and come back equal: every field has a home.

A sample is decoded into Contacthub's shape, mapped to a change, applied to an empty profile and
mapped back. What comes back otherwise on purpose stands in `as_answered`.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from onefold.dialects.contacthub.mapping.changes import change_of, replacement_of
from onefold.dialects.contacthub.mapping.customers import wire_customer
from onefold.dialects.contacthub.mapping.events import draft_of, wire_event
from onefold.dialects.contacthub.mapping.parts import subscription_of, wire_subscription
from onefold.dialects.contacthub.shapes.customers import CustomerBody, Subscription
from onefold.dialects.contacthub.shapes.events import EventBody
from onefold.model.changes import CustomerChange, ListRule, apply_change
from onefold.model.customers import Customer, Profile
from onefold.model.events import Event
from tests.contracts.contract import Json, problems
from tests.contracts.samples import samples

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CUSTOMER_ID = UUID("019a0000-0000-7000-8000-000000000002")
NODE_ID = UUID("019a0000-0000-7000-8000-000000000003")

# What a caller may send and only the server sets.
SET_BY_SERVER = frozenset(
    {"id", "nodeId", "intId", "registeredAt", "updatedAt", "version", "deleted", "sourceInfo"}
)


def as_answered(sample: Json, name: str = "") -> Json:
    """Rewrite a sample as we answer it: our form of date-times, and never a password."""
    if isinstance(sample, dict):
        return {key: as_answered(value, key) for key, value in sample.items()}
    if isinstance(sample, list):
        return [as_answered(item) for item in sample]
    if name == "password":
        return None
    if isinstance(sample, str) and sample.endswith("Z"):
        return sample.removesuffix("Z") + ".000+0000"
    return sample


def without_password(sample: Json) -> Json:
    """Leave out what the action turns into a hash before the change is applied."""
    if not isinstance(sample, dict):
        return sample
    kept = {name: value for name, value in sample.items() if name != "password"}
    return {name: without_password(value) for name, value in kept.items()}


def differences(sent: Json, answered: Json, path: str = "") -> Iterator[str]:
    """Compare what was sent with what stands at the same place in the answer."""
    if isinstance(sent, dict) and isinstance(answered, dict):
        for name, value in sent.items():
            yield from differences(value, answered.get(name), f"{path}/{name}")
    elif isinstance(sent, list) and isinstance(answered, list) and len(sent) == len(answered):
        for index, (one, other) in enumerate(zip(sent, answered, strict=True)):
            yield from differences(one, other, f"{path}/{index}")
    elif sent != answered:
        yield f"{path}: sent {sent!r}, answered {answered!r}"


def change_by(method: str, sample: Json) -> CustomerChange:
    body = msgspec.json.decode(json.dumps(without_password(sample)), type=CustomerBody)
    if method == "PUT":
        return replacement_of(body)
    return change_of(body, ListRule.APPEND if method == "POST" else ListRule.REPLACE)


def customer_after(change: CustomerChange) -> Json:
    values = {key: value for key, value in change.values.items() if key != "credential.password"}
    known = CustomerChange(values, change.lists, change.subscriptions, change.cleared)
    profile = apply_change(Profile(), known, at=AT)
    customer = Customer(CUSTOMER_ID, NODE_ID, 1, profile, 1, AT, None, AT, None)
    return msgspec.to_builtins(wire_customer(customer))


def only(sample: Json) -> Iterator[tuple[str, Json]]:
    """Give the sample with one field alone, for each field; a list is one field."""
    if not isinstance(sample, dict) or not sample:
        yield "", sample
        return
    for name, value in sample.items():
        yield from ((f"/{name}{path}", {name: inner}) for path, inner in only(value))


def sent_to(operation: str) -> Json:
    request = samples("contacthub")[operation]["request"]
    return {name: value for name, value in request.items() if name not in SET_BY_SERVER}


CUSTOMER_REQUESTS = [
    ("POST", "createCustomer"),
    ("PATCH", "patchCustomer"),
    ("PUT", "replaceCustomer"),
]
FIELDS_ALONE = [
    pytest.param(alone, id=path)
    for path, alone in only(sent_to("createCustomer"))
    if not path.endswith(("/password", "/lat", "/lon"))  # never answered; one without the other
]


class TestDifferences:
    @pytest.mark.parametrize(
        ("sent", "answered"),
        [
            ({"a": 1}, {}),
            ({"a": {"b": "x"}}, {"a": None}),
            ({"a": [1, 2]}, {"a": [1]}),
            ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}),
            ({"a": None}, {"a": 0}),
        ],
    )
    def test_are_found(self, sent: Json, answered: Json) -> None:
        assert list(differences(sent, answered)) != []

    def test_are_not_what_the_server_adds(self) -> None:
        assert list(differences({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3})) == []


class TestCustomers:
    @pytest.mark.parametrize(("method", "operation"), CUSTOMER_REQUESTS)
    def test_come_back_as_they_were_sent(self, method: str, operation: str) -> None:
        sample = sent_to(operation)

        answer = customer_after(change_by(method, sample))
        schema = {"$ref": "#/components/schemas/Customer"}

        assert list(differences(as_answered(sample), answer)) == []
        assert problems("contacthub", schema, answer, answers=True) == []

    @pytest.mark.parametrize("alone", FIELDS_ALONE)
    @pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
    def test_keep_each_field_alone(self, method: str, alone: Json) -> None:
        answer = customer_after(change_by(method, alone))

        assert list(differences(as_answered(alone), answer)) == []

    def test_come_back_as_they_were_answered(self) -> None:
        """A client that sends back what it read changes nothing."""
        first = customer_after(change_by("POST", sent_to("createCustomer")))

        again = customer_after(change_by("PUT", first))

        assert list(differences(first, again)) == []


class TestSubscriptions:
    @pytest.mark.parametrize("operation", ["createSubscription", "updateSubscription"])
    def test_come_back_as_they_were_sent(self, operation: str) -> None:
        sample = samples("contacthub")[operation]["request"]
        shape = msgspec.json.decode(json.dumps(sample), type=Subscription)

        answer = msgspec.to_builtins(wire_subscription(subscription_of(shape)))
        schema = {"$ref": "#/components/schemas/Subscription"}

        assert list(differences(as_answered(sample), answer)) == []
        assert problems("contacthub", schema, answer, answers=True) == []


class TestEvents:
    @pytest.mark.parametrize("other", ["customerId", "bringBackProperties"])
    def test_come_back_as_they_were_sent(self, other: str) -> None:
        """The vendor's sample names its customer in both ways; a real one does it in one."""
        request = samples("contacthub")["createEvent"]["request"]
        sample = {name: value for name, value in request.items() if name != other}

        answer = event_after(sample)
        schema = {"$ref": "#/components/schemas/Event"}

        assert list(differences(as_answered(sample), answer)) == []
        assert problems("contacthub", schema, answer, answers=True) == []


def event_after(sample: Json) -> Json:
    draft = draft_of(msgspec.json.decode(json.dumps(sample), type=EventBody), at=AT)
    event = Event(
        id=draft.id,
        node_id=NODE_ID,
        customer_id=draft.customer_id,
        type=draft.type,
        context=draft.context,
        mode="ACTIVE",
        occurred_at=draft.occurred_at,
        registered_at=AT,
        updated_at=AT,
        version=1,
        properties=draft.properties,
        context_info=draft.context_info,
        tracking=draft.tracking,
        bring_back=draft.bring_back,
    )
    return msgspec.to_builtins(wire_event(event))

"""What is exported can be imported again and changes nothing."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest

from onefold.actions.context import Context
from onefold.actions.exports import ExportForm, export_lines
from onefold.model.access import Role, permissions_of
from onefold.model.changes import CustomerChange, ListChange, ListRule
from onefold.model.customers import (
    Address,
    ContactKind,
    ContactPoint,
    Device,
    Education,
    Employment,
    Like,
    Subscription,
)
from onefold.model.documents import document_of
from onefold.model.errors import NotPermitted
from onefold.model.events import EventDraft
from onefold.model.ids import uuid7
from onefold.model.imports.paths import ImportEntity
from onefold.model.workspaces import UniquePolicy
from tests.audit import audit
from tests.builders import NOON, Shop, make_draft, make_shop
from tests.importing import import_text, people_csv

EVERYTHING: dict[str, Any] = {
    "external_id": " 007 ",
    "name.given": " Ada",
    "name.family": 'K"el;l,er\nvon Ä',
    "birth_date": datetime(1980, 5, 17, tzinfo=UTC).date(),
    "national_id": "756.9217.0769.85",
    "contact.email": "ada@shop.example",
    "contact.fax": "+41441112233",
    "address.street": "Long Street 1",
    "address.latitude": 47.37,
    "enabled": False,
    "extra": "=1+1",
    "custom.size": 1e300,
    "custom.many": 10**30,
    "custom.sports": ["golf", "a;b"],
    "custom.shape": {"a": {"b": [None, True]}},
    "details.odd.key": {"x": 1},
    "details.plain": 5,
    "choices.sms": {"on": True},
    "handles.chat": "@ada",
    "credential.username": "ada",
    "consents.profiling.online.status": False,
    "consents.marketing.automatic.email.limitation": True,
    "notice.date": NOON,
    "notice.version": "v7",
}
CUSTOM: dict[str, dict[str, Any]] = {
    "size": {"schema": {"type": "number"}},
    "many": {"schema": {"type": "number"}},
    "sports": {"schema": {"type": "array", "items": {"type": "string"}}},
    "shape": {"schema": {"type": "object"}},
}
LISTS: dict[str, tuple[Any, ...]] = {
    "contact_points": (
        ContactPoint(0, ContactKind.EMAIL, "work@shop.example", name="work", verified_at=NOON),
        ContactPoint(0, ContactKind.OTHER, "pigeon", type="bird"),
    ),
    "addresses": (Address(0, type="work", city="Basel", extra_lines=("c/o Bob", "")),),
    "devices": (Device(identifier="d1", app_id="shop"),),
    "educations": (Education("e1", school_name="ETH", start_year=1999, current=False),),
    "employments": (Employment("j1", company="Shop"),),
    "likes": (Like("l1", name="tea", created_at=NOON),),
    "subscriptions": (Subscription("s1", subscribed=True, subscribe_context={"by": None}),),
    "tags.manual": ("vip", "a;b"),
    "tags.auto": ("[x",),
}


@pytest.fixture
async def crm(context: Context) -> Shop:
    return await make_shop(context, unique=UniquePolicy(("external_id",)), definitions=CUSTOM)


async def export(
    crm: Shop, entity: ImportEntity = ImportEntity.CUSTOMERS, form: ExportForm = ExportForm.CSV
) -> str:
    lines = export_lines(crm.context, crm.operator, node_id=crm.node_id, entity=entity, form=form)
    return "".join([piece async for piece, _ in lines])


async def save_everything(crm: Shop) -> None:
    draft = make_draft(crm.node_id)
    lists = {name: ListChange(items, ListRule.APPEND) for name, items in LISTS.items()}
    change = CustomerChange(values=EVERYTHING, lists=lists)
    (saved,) = await crm.save([type(draft)(draft.new_id, change, crm.node_id)])
    assert not isinstance(saved, Exception), saved


class TestCustomers:
    @pytest.mark.parametrize("form", list(ExportForm))
    async def test_come_back_unchanged(self, crm: Shop, form: ExportForm) -> None:
        await save_everything(crm)
        await import_text(crm, people_csv(5))
        before = await audit(crm)

        done = await import_text(crm, await export(crm, form=form), name=f"people.{form}")

        assert done.words == ["unchanged"] * 6, done.reasons
        assert await audit(crm) == before

    @pytest.mark.parametrize("form", list(ExportForm))
    async def test_become_the_same_people_in_another_node(
        self, crm: Shop, form: ExportForm
    ) -> None:
        await save_everything(crm)
        other = await make_shop(
            crm.context,
            unique=UniquePolicy(("external_id",)),
            definitions=CUSTOM,
        )

        done = await import_text(
            other,
            await export(crm, form=form),
            "customers: {columns: {id: ignore}}",
            name=f"people.{form}",
        )

        assert done.words == ["created"]
        (original,), (copy,) = await audit(crm), await audit(other)
        assert _comparable(copy.profile) == _comparable(original.profile)

    async def test_have_the_columns_of_the_record(self, crm: Shop) -> None:
        await save_everything(crm)

        header, row = csv.reader(StringIO(await export(crm)))

        cells = dict(zip(header, row, strict=True))
        assert cells["name.given"] == " Ada"
        assert cells["contact.email"] == "ada@shop.example"
        assert cells["consents.profiling.online.status"] == "false"
        assert cells["tags.manual"] == '["vip", "a;b"]'
        assert cells["custom.size"] == f"1{'0' * 300}"
        assert json.loads(cells["contact_points"])[0]["value"] == "work@shop.example"
        assert "password" not in str(header)

    async def test_of_whom_there_is_none_make_a_header_alone(self, crm: Shop) -> None:
        assert (await export(crm)).count("\n") == 1
        assert await export(crm, form=ExportForm.JSON_LINES) == ""


class TestEvents:
    @pytest.mark.parametrize("form", list(ExportForm))
    async def test_come_back_unchanged(self, crm: Shop, form: ExportForm) -> None:
        saved = await crm.customer(external_id="1")
        for total in (5, 7.25):
            await crm.event(
                EventDraft(
                    id=uuid7(NOON),
                    type="completedOrder",
                    context="ECOMMERCE",
                    occurred_at=NOON,
                    properties={"amount": {"total": total}, "orderId": 'a"b'},
                    customer_id=saved.customer.id,
                    context_info={"store": {"id": "1"}},
                )
            )
        exported = await export(crm, ImportEntity.EVENTS, form)

        done = await import_text(crm, exported, entity=ImportEntity.EVENTS, name=f"events.{form}")

        assert done.words == ["unchanged", "unchanged"], done.reasons
        await audit(crm)


class TestWhoMayNot:
    async def test_read_gets_nothing(self, crm: Shop) -> None:

        roles = frozenset({Role.BROWSER})
        browser = replace(crm.operator, roles=roles, permissions=permissions_of(roles))

        lines = export_lines(
            crm.context,
            browser,
            node_id=crm.node_id,
            entity=ImportEntity.CUSTOMERS,
            form=ExportForm.CSV,
        )

        with pytest.raises(NotPermitted):
            await anext(lines)


def _comparable(profile: Any) -> dict[str, Any]:
    """Without keys, which a record gives out itself, and times that the server stamps."""
    document = document_of(profile)
    document.pop("next_key", None)
    for name in ("contact_points", "addresses"):
        for item in document[name]:
            item.pop("key")
    for subscription in document["subscriptions"]:
        subscription.pop("registered_at", None)
        subscription.pop("updated_at", None)
    return document

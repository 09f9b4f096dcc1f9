"""Rows that are made ahead are the rows that the write path makes, to the letter."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft
from onefold.actions.customers.newcomers import claim_newcomers, newcomer_of, save_newcomers
from onefold.actions.customers.plans import Plan, plan_drafts
from onefold.actions.imports.numbers import NumberKeeper
from onefold.actions.imports.turns import Turn
from onefold.model.changes import CustomerChange
from onefold.model.workspaces import UniquePolicy
from onefold.store.newcomers import Newcomer
from tests.audit import audit
from tests.builders import NOON, Shop, make_draft, make_shop

TABLES = {
    "customers": "customer_id",
    "identifiers": "kind, value, holder",
    "history": "customer_id, version",
    "consent_log": "customer_id, sequence",
    "updates": "position",
    "node_rollups": "day, node_id, slot",
}

OF_THE_NODE = frozenset({"subject"})
"""Columns that hold a hash with the node in it."""

PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "contact.email": st.sampled_from(["Ada@Shop.example", "none", "", "ada@shop.example "]),
    "contact.mobile": st.sampled_from(["+41 79 111 22 33", "0791112233", "x"]),
    "name.given": st.text(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8
    ),
    "locale": st.sampled_from(["de_CH", "it-IT", "de", ""]),
    "contact.landline": st.sampled_from(["044 668 18 00", "079 111 22 33"]),
    "birth_date": st.dates(),
    "address.city": st.sampled_from(["Zürich", "Basel"]),
    "address.country": st.sampled_from(["CH", "Switzerland"]),
    "address.latitude": st.floats(-90, 90),
}
VALUES = st.fixed_dictionaries({}, optional=PLAIN) | st.fixed_dictionaries(
    {},
    optional={
        **PLAIN,
        "national_id": st.sampled_from(["756.9217.0769.85", "123"]),
        "handles.chat": st.sampled_from(["@ada", ""]),
        "details.note": st.sampled_from(["a", 5, True, {"b": None}, []]),
        "enabled": st.booleans(),
        "consents.profiling.online.status": st.sampled_from([True, False]),
        "consents.marketing.automatic.sms.objection": st.sampled_from([True, False]),
        "notice.version": st.just("v1"),
    },
)


def drafts_of(shop: Shop, several: Sequence[dict[str, Any]]) -> list[CustomerDraft]:
    made = [make_draft(shop.node_id, external_id=str(number)) for number in range(len(several))]
    made.sort(key=lambda draft: draft.new_id)
    return [
        CustomerDraft(
            new_id=draft.new_id,
            node_id=shop.node_id,
            change=CustomerChange(values={**draft.change.values, **values}),
        )
        for draft, values in zip(made, several, strict=True)
    ]


async def save_ahead(shop: Shop, drafts: Sequence[CustomerDraft]) -> int:
    """Stores them as an import does; how many were taken for new."""
    picture = await shop.picture()
    database, actor = shop.context.database, shop.operator
    wanted: list[tuple[str | None, Newcomer]] = []
    for plan in plan_drafts(actor, picture, drafts=drafts, at=NOON):
        assert isinstance(plan, Plan)
        new = newcomer_of(
            plan,
            actor,
            sealer=database.sealer,
            region=picture.workspace.settings.region,
            at=NOON,
        )
        assert new is not None
        wanted.append((plan.key, new))
    async with database.transaction() as tx:
        node_id = shop.node_id
        free = await claim_newcomers(tx, actor, picture=picture, node_id=node_id, wanted=wanted)
        numbers = await NumberKeeper(database, actor).take(tx, len(free))
        await save_newcomers(
            tx,
            actor,
            picture=picture,
            node_id=node_id,
            new=free,
            numbers=numbers,
            job_id=None,
            wait=Turn().come,
        )
    return len(free)


async def snapshot(shop: Shop) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the shop in every table, with ids that differ by chance written alike."""
    found = {}
    for table, order in TABLES.items():
        rows = await shop.context.database.pool.fetch(
            f"SELECT * FROM {table} WHERE workspace_id = $1 ORDER BY {order}",
            shop.workspace_id,
        )
        found[table] = [
            _alike(shop, tuple(value for name, value in row.items() if name not in OF_THE_NODE))
            for row in rows
        ]
    return found


def _alike(shop: Shop, row: tuple[Any, ...]) -> tuple[Any, ...]:
    known = {shop.workspace_id: "workspace", shop.node_id: "node"}
    return tuple(known.get(value, value) if not isinstance(value, list) else value for value in row)


class TestRowsMadeAhead:
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(several=st.lists(VALUES, min_size=1, max_size=4))
    async def test_equal_those_of_the_write_path(
        self, context: Context, several: list[dict[str, Any]]
    ) -> None:
        one = await make_shop(context, unique=UniquePolicy(("external_id",)))
        two = await make_shop(context, unique=UniquePolicy(("external_id",)))
        drafts = drafts_of(one, several)
        same = [CustomerDraft(draft.new_id, draft.change, two.node_id) for draft in drafts]

        await one.save(drafts, at=NOON)
        assert await save_ahead(two, same) == len(drafts)

        await audit(one)
        await audit(two)
        assert _without_secrets(await snapshot(one)) == _without_secrets(await snapshot(two))

    async def test_leave_those_to_others_who_are_there(self, context: Context) -> None:
        shop = await make_shop(context, unique=UniquePolicy(("external_id",)))
        known = await shop.customer(external_id="1", at=NOON - timedelta(days=1))

        stored = await save_ahead(shop, drafts_of(shop, [{}, {}, {}]))

        found = await audit(shop)
        assert stored == 2
        assert {one.profile.external_id for one in found[1:]} == {"0", "2"}
        assert found[0] == known.customer


def _without_secrets(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Sealed twice, the same text differs; a claim depends on its node."""
    tables["identifiers"] = [row for row in tables["identifiers"] if row[1] != "unique"]
    for table in ("customers", "history"):
        tables[table] = [
            tuple("..." if "sealed:" in str(value) else value for value in row)
            for row in tables[table]
        ]
    return tables

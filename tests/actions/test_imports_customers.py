"""Importing customers: what becomes of each row."""

import pytest

from onefold.actions.context import Context
from onefold.actions.customers.read import read_history
from onefold.model.errors import Invalid
from onefold.model.workspaces import OnMatch, UniquePolicy
from tests.audit import all_customers, audit
from tests.builders import Shop, make_shop
from tests.importing import Importing, import_text, people_csv


@pytest.fixture
async def crm(context: Context) -> Shop:
    """A workspace in whose node the external id is unique."""
    return await make_shop(
        context,
        unique=UniquePolicy(("external_id",)),
        definitions={
            "size": {"schema": {"type": "integer"}},
            "tier": {"schema": {"type": "string", "enum": ["gold", "silver"]}},
            "sports": {"schema": {"type": "array", "items": {"type": "string"}}},
        },
    )


class TestCustomers:
    async def test_are_created_from_columns_that_explain_themselves(self, shop: Shop) -> None:
        done = await import_text(
            shop,
            "First Name,lastName,email,mobile,Date of birth,zip\n"
            "Ada,Keller,ada@shop.example,+41791112233,1980-05-17,8001\n",
        )

        (ada,) = await audit(shop)
        assert done.words == ["created"]
        assert done.verdicts[0].entity_id == ada.id
        assert (ada.profile.name.given, ada.profile.name.family) == ("Ada", "Keller")
        assert [point.value for point in ada.profile.contact_points] == [
            "ada@shop.example",
            "+41791112233",
        ]
        assert str(ada.profile.birth_date) == "1980-05-17"
        assert ada.profile.addresses[0].postal_code == "8001"

    async def test_merge_into_whom_the_node_takes_for_the_same(self, shop: Shop) -> None:
        await shop.customer(contact__email="ada@shop.example", name__given="Ada")

        done = await import_text(shop, "email,last_name\nADA@shop.example,Keller\n")

        (ada,) = await audit(shop)
        assert done.words == ["merged"]
        assert (ada.profile.name.given, ada.profile.name.family) == ("Ada", "Keller")

    async def test_are_unchanged_where_the_file_says_nothing_new(self, shop: Shop) -> None:
        ada = await shop.customer(contact__email="ada@shop.example", name__given="Ada")

        done = await import_text(shop, "email,first_name,last_name\nada@shop.example,Ada,\n")

        assert done.words == ["unchanged"]
        assert (await audit(shop))[0].version == ada.customer.version

    async def test_of_one_file_merge_with_each_other(self, crm: Shop) -> None:
        done = await import_text(
            crm, "external_id,first_name,last_name\n1,Ada,\n2,Bob,\n1,,Keller\n1,Ada,Keller\n"
        )

        first, second = await audit(crm)
        assert done.words == ["created", "created", "merged", "unchanged"]
        assert (first.profile.name.given, first.profile.name.family) == ("Ada", "Keller")
        assert second.profile.name.given == "Bob"

    async def test_get_numbers_in_the_order_of_the_file(self, crm: Shop) -> None:
        await import_text(crm, people_csv(60), batch_rows=25)

        ordered = sorted(await audit(crm), key=lambda one: one.number)
        assert [one.profile.external_id for one in ordered] == [
            f"crm-{number:07d}" for number in range(60)
        ]

    async def test_keep_custom_values_with_the_type_of_their_definition(self, crm: Shop) -> None:
        done = await import_text(
            crm,
            "external_id,custom.size,custom.tier,custom.sports\n"
            '1,42,gold,"[""golf"",""chess""]"\n2,large,gold,\n3,4,bronze,\n',
        )

        (one,) = await audit(crm)
        assert one.profile.custom == {"size": 42, "tier": "gold", "sports": ["golf", "chess"]}
        assert done.reasons == [
            (2, "custom.size", "is not a whole number"),
            (3, "custom.tier", "is not one of the allowed values"),
        ]

    async def test_take_consents_from_columns(self, crm: Shop) -> None:
        await import_text(
            crm,
            "external_id,consents.marketing.automatic.email.status,notice.version\n1,yes,v7\n",
        )

        (one,) = await audit(crm)
        consent = one.profile.consents.purposes["marketing.automatic.email"]
        assert consent.status is True
        assert one.profile.consents.notice.version == "v7"
        assert one.consent_entries == 2

    async def test_are_found_by_id_where_the_file_brings_ids(self, crm: Shop) -> None:
        ada = (await crm.customer(external_id="1", name__given="Ada")).customer

        done = await import_text(
            crm,
            f"id,last_name\n{ada.id},Keller\n01a20000-0000-7000-8000-000000000000,Nobody\n7,Old\n",
        )

        assert done.words == ["merged", "refused", "refused"]
        assert [reason for _, _, reason in done.reasons] == [
            "customer not found 01a20000-0000-7000-8000-000000000000",
            "is no id of ours; map it to external_id or ignore",
        ]
        assert (await audit(crm))[0].profile.name.family == "Keller"

    async def test_are_written_with_the_job_that_brought_them(self, crm: Shop) -> None:
        done = await import_text(crm, "external_id\n1\n")

        (one,) = await audit(crm)
        async with crm.context.database.reading() as tx:
            (entry,) = await read_history(tx, crm.operator, customer_id=one.id)
        assert (entry.operation, entry.job_id) == ("create", done.job_id)


class TestJsonLines:
    async def test_are_read_with_their_own_types_and_nesting(self, crm: Shop) -> None:
        done = await import_text(
            crm,
            '{"external_id": "1", "name": {"given": "Ada"}, "custom": {"size": 4},'
            ' "tags": {"manual": ["vip", "blue"]}, "handles": {"chat": "@ada"}}\n'
            '{"external_id": "2", "name": {"given": 7}}\n'
            '{"external_id": "3", "nmae": {"given": "Eva"}}\n',
            'format: jsonl\ncustomers: {columns: {"nmae.given": ignore}}\n',
        )

        first, third = await audit(crm)
        assert done.words == ["created", "refused", "created"]
        assert first.profile.custom == {"size": 4}
        assert first.profile.tags.manual == ("vip", "blue")
        assert first.profile.handles == {"chat": "@ada"}
        assert done.reasons == [(2, "name.given", "must be text")]
        assert third.profile.name.given is None

    async def test_remove_with_null_and_leave_what_they_do_not_name(self, crm: Shop) -> None:
        await crm.customer(external_id="1", name__given="Ada", gender="f")

        done = await import_text(crm, '{"external_id": "1", "gender": null}\n', name="people.jsonl")

        (one,) = await audit(crm)
        assert done.words == ["merged"]
        assert (one.profile.name.given, one.profile.gender) == ("Ada", None)

    async def test_refuse_only_their_row_for_a_name_that_comes_late(self, crm: Shop) -> None:
        lines = [f'{{"external_id": "{number}"}}' for number in range(1001)]
        lines.append('{"external_id": "x", "surprise": 1}')

        done = await import_text(crm, "\n".join(lines), name="people.jsonl")

        assert done.tally.created == 1001
        ((row, column, reason),) = done.reasons
        assert (row, column) == (1002, "surprise")
        assert reason.startswith("is not mapped;")

    async def test_add_to_lists_instead_of_replacing_them(self, crm: Shop) -> None:
        line = (
            '{"external_id": "1", "contact_points": ['
            '{"kind": "email", "value": "ada@shop.example", "primary": true},'
            '{"kind": "email", "value": "work@shop.example", "name": "work"}],'
            '"addresses": [{"city": "Zurich", "primary": true}, {"city": "Basel"}]}\n'
        )
        await import_text(crm, line, name="people.jsonl")

        again = await import_text(crm, line + "\n", name="people.jsonl")

        (one,) = await audit(crm)
        assert again.words == ["unchanged"]
        assert [(point.value, point.primary) for point in one.profile.contact_points] == [
            ("ada@shop.example", True),
            ("work@shop.example", False),
        ]
        assert [address.city for address in one.profile.addresses] == ["Zurich", "Basel"]


class TestRows:
    async def test_that_are_broken_are_refused_and_stop_nobody(self, crm: Shop) -> None:
        rows = [
            b"1,Ada,1980-05-17",
            b"2,Bob",
            b"3,Cleo,17.5.1980",
            b"4,D\xffn,1980-05-17",
            b"5,E\x00ve,1980-05-17",
            b"6," + b"F" * 300 + b",1980-05-17",
            b'7,"Gus,1980-05-17',
            b'8,"Han"na,1980-05-17',
            b"",
            b"9," + b"I" * 1_100_000 + b",1980-05-17",
            b"10,Jo,1980-05-17",
            b'11,"open at the end',
        ]
        content = b"external_id,first_name,birth_date\r\n" + b"\r\n".join(rows)

        done = await import_text(crm, content)

        assert done.words == ["created", *["refused"] * 8, "created", "refused"]
        assert done.reasons == [
            (2, "", "the row has 2 columns, the header 3"),
            (3, "birth_date", "is not a valid date"),
            (4, "", "the row is not valid utf-8"),
            (5, "", "the row holds a NUL byte"),
            (6, "first_name", "is longer than 255 characters"),
            (7, "", "a quote stands inside a quoted cell, or text after it"),
            (8, "", "a quote stands inside a quoted cell, or text after it"),
            (9, "", "the line is longer than 1,048,576 bytes"),
            (11, "", "a quote is opened and never closed"),
        ]
        assert [one.profile.external_id for one in await audit(crm)] == ["1", "10"]
        assert done.tally.problems == {
            "columns": 1,
            "encoding": 2,
            "quotes": 3,
            "rule": 1,
            "too_long": 1,
            "value": 1,
        }

    async def test_that_the_database_refuses_stand_alone(self, crm: Shop) -> None:
        """No check foresees that an index has a largest entry."""
        long = "x" * 255
        content = "external_id,handles." + "n" * 200 + "\n"
        content += "".join(f"{number},h{number}\n" for number in range(20)) + f"{long},{long}\n"

        done = await import_text(crm, content)

        assert done.tally.rows == 21
        assert len(await audit(crm)) == done.tally.created

    async def test_lose_a_value_where_the_map_says_so(self, crm: Shop) -> None:
        done = await import_text(
            crm,
            "external_id,born\n1,19800517\n2,soon\n",
            "customers:\n  columns:\n"
            '    born: {to: birth_date, format: "%Y%m%d", on_error: drop}\n',
        )

        first, second = await audit(crm)
        assert done.words == ["created", "created"]
        assert str(first.profile.birth_date) == "1980-05-17"
        assert second.profile.birth_date is None
        assert done.reasons == [(2, "born", "is not a valid date")]
        assert done.tally.problems == {"dropped": 1}

    async def test_that_lack_a_unique_property_are_refused(self, crm: Shop) -> None:
        done = await import_text(crm, "external_id,first_name\n,Ada\n")

        assert done.words == ["refused"]
        assert done.reasons == [(1, "external_id", "unique customer property is required")]

    async def test_that_meet_somebody_are_refused_where_the_node_wants_it(
        self, context: Context
    ) -> None:
        policy = UniquePolicy(("external_id",), on_match=OnMatch.REFUSE)
        crm = await make_shop(context, unique=policy)

        done = await import_text(crm, "external_id\n1\n1\n")

        (one,) = await audit(crm)
        assert done.words == ["created", "refused"]
        assert done.reasons == [(2, "", f"it would equal customer {one.id}")]


class TestAMap:
    async def test_puts_columns_together_and_sets_what_the_file_does_not_say(
        self, crm: Shop
    ) -> None:
        await import_text(
            crm,
            "nr|house|road|size\n7|12|Long Street|1.234,5\n8|||\n",
            """
            delimiter: pipe
            customers:
              columns:
                house: ignore
                road: ignore
                size: {to: details.size, type: number, decimal: ",", default: 1}
              set:
                external_id: "crm-{nr}"
                address.street: "{road} {house}"
                locale: de_CH
            """.replace("\n            ", "\n").replace("nr|", ""),
        )

        first, second = await audit(crm)
        assert first.profile.external_id == "crm-7"
        assert first.profile.addresses[0].street == "Long Street 12"
        assert first.profile.details == {"size": 1234.5}
        assert second.profile.addresses == ()
        assert second.profile.details == {"size": 1}
        assert second.profile.locale == "de_CH"

    async def test_names_columns_that_go_nowhere_before_anything_is_written(
        self, crm: Shop
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await import_text(crm, "external_id,fisrt_name,custom.sise\n1,Ada,4\n")

        found = {one.path: one.message for one in refused.value.fields}
        assert found["fisrt_name"].startswith("is not mapped; did you mean first_name")
        assert "custom.size" in found["custom.sise"]
        assert await all_customers(crm) == []

    async def test_refuses_two_columns_for_one_place(self, crm: Shop) -> None:
        with pytest.raises(Invalid) as refused:
            await import_text(crm, "external_id,email,mail\n1,a@b.example,c@d.example\n")

        assert [(one.path, one.message) for one in refused.value.fields] == [
            ("mail", "goes to contact.email, as does email: map one of them to `ignore`")
        ]


class TestAgain:
    async def test_changes_nothing_and_says_so(self, crm: Shop) -> None:
        content = people_csv(150)
        first = await Importing(crm, content, batch_rows=40).run()
        before = await audit(crm)

        second = await Importing(crm, content, batch_rows=70).run()

        assert first.tally.created == 150
        assert second.tally.unchanged == 150
        assert second.job_id != first.job_id
        assert await audit(crm) == before

    async def test_changes_nothing_where_rows_contradict_each_other(self, crm: Shop) -> None:
        content = "external_id,first_name\n1,Ada\n1,Eva\n2,Bob\n1,Ida\n"
        first = await import_text(crm, content)
        before = await audit(crm)

        second = await import_text(crm, content)

        assert first.words == ["created", "merged", "created", "merged"]
        assert second.words == ["unchanged"] * 4
        assert [one.entity_id for one in second.verdicts] == [
            one.entity_id for one in first.verdicts
        ]
        assert await audit(crm) == before

    async def test_brings_back_what_somebody_changed_meanwhile(self, crm: Shop) -> None:
        content = "external_id,first_name\n1,Ada\n1,Eva\n2,Bob\n"
        await import_text(crm, content)
        await crm.customer(external_id="1", name__given="Changed")

        second = await import_text(crm, content)
        third = await import_text(crm, content)

        assert second.words == ["merged", "merged", "unchanged"]
        assert third.words == ["unchanged"] * 3
        assert [one.profile.name.given for one in await audit(crm)] == ["Eva", "Bob"]

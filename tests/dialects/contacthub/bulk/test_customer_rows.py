"""What bulk jobs do with rows of customers: upsert, insert, delete."""

from uuid import uuid4

from onefold.model.ids import uuid7
from onefold.model.workspaces import Node, NodeKind, UniquePolicy
from tests.audit import all_customers, audit
from tests.builders import NOON, Shop, make_draft
from tests.dialects.contacthub.bulk.loading import HEADER, PEOPLE, Json, Loading, counts
from tests.dialects.contacthub.people import post_customer, post_event


def outcomes(results: list[Json]) -> list[tuple[str, str]]:
    return [(one["row"], one["result"]) for one in results]


class TestUpsert:
    async def test_creates_and_changes_in_the_name_of_the_source(self, loading: Loading) -> None:
        shop = loading.shop
        known = await post_customer(loading.api, shop, "ada@shop.example", base={"lastName": "L"})

        job = await loading.done(PEOPLE)

        assert counts(job) == ("PROCESSED", 2, 0, 2)
        results = await loading.results(job)
        assert outcomes(results) == [("1", "CREATED"), ("2", "UPDATED")]
        assert results[1]["id"] == known["id"]
        found = (await loading.api.get(f"/customers/{known['id']}")).json()
        assert (found["base"]["firstName"], found["externalId"]) == ("Ada", "101")
        made = (await loading.api.get(f"/customers/{results[0]['id']}")).json()
        assert made["sourceInfo"]["registeredBy"] == str(shop.source.id)
        await audit(shop)

    async def test_changes_nothing_when_the_file_comes_again(self, loading: Loading) -> None:
        await loading.done(PEOPLE)

        job = await loading.done(PEOPLE)

        assert outcomes(await loading.results(job)) == [("1", "UNCHANGED"), ("2", "UNCHANGED")]
        assert {one.version for one in await all_customers(loading.shop)} == {1}

    async def test_changes_whom_a_row_names_by_id(self, loading: Loading) -> None:
        known = await post_customer(loading.api, loading.shop, "ada@shop.example")
        content = f"id,base.firstName\n{known['id']},Augusta\n{uuid4()},Nobody\nx,Nobody\n"

        job = await loading.done(content)

        assert counts(job) == ("PROCESSED", 1, 2, 3)
        results = await loading.results(job)
        assert outcomes(results) == [("1", "UPDATED"), ("2", "REFUSED"), ("3", "REFUSED")]
        assert results[2]["column"] == "id"

    async def test_stays_inside_its_node(self, loading: Loading) -> None:
        """The operator who runs the job could reach every node."""
        other = Node(uuid7(NOON), NodeKind.ENTRY, "Other", unique=UniquePolicy(("contact.email",)))
        await loading.shop.add_node(other)
        (theirs,) = await loading.shop.save([make_draft(other.id, contact__email="eve@o.example")])
        theirs_id = theirs.customer.id  # type: ignore[union-attr] # it was saved

        job = await loading.done(f"id,base.firstName\n{theirs_id},Mallory\n")
        gone = await loading.done(f"id\n{theirs_id}\n", "DELETE")

        assert counts(job) == ("PROCESSED", 0, 1, 1)
        assert counts(gone) == ("PROCESSED", 0, 1, 1)
        assert len(await all_customers(loading.shop)) == 1

    async def test_refuses_bad_rows_and_stores_their_neighbours(self, loading: Loading) -> None:
        lines = [
            HEADER,
            "1,Ada,ada@shop.example",
            "2,Bea,no address",
            "3,too,many,cells",
            "4,Dora",
            "5,J\u00ff,joe@shop.example",
            "6,Finn,",
            "7,Gus\x00,gus@shop.example",
            f"8,{'x' * 300},hal@shop.example",
            "9,Ida,ida@shop.example",
        ]
        content = "\n".join([*lines, '10,"Eve,eve@shop.example', ""]).encode("latin-1")

        job = await loading.done(content)

        assert counts(job) == ("PROCESSED", 2, 8, 10)
        results = await loading.results(job)
        assert [one["row"] for one in results] == [str(number) for number in range(1, 11)]
        told = {one["row"]: (one["column"], one["message"]) for one in results if one["message"]}
        assert told["2"][0] == "base.contacts.email"
        assert told["3"] == ("", "the row has 4 columns, the header 3")
        assert told["5"] == ("", "the row is not valid utf-8")
        assert told["6"][0] == "base.contacts.email"
        assert told["7"] == ("", "the row holds a NUL byte")
        assert told["8"][0] == "base.firstName"
        assert told["10"] == ("", "a quote is opened and never closed")
        stored = {one.profile.external_id for one in await all_customers(loading.shop)}
        assert stored == {"1", "9"}

    async def test_takes_a_header_without_rows(self, loading: Loading) -> None:
        job = await loading.done(f"{HEADER}\n\n")

        assert counts(job) == ("PROCESSED", 0, 0, 0)


class TestInsert:
    async def test_refuses_those_who_are_there(self, loading: Loading) -> None:
        known = await post_customer(loading.api, loading.shop, "ada@shop.example")
        twice = PEOPLE + "102,Again,DOE@example.example\n"

        job = await loading.done(twice, "INSERT")

        assert counts(job) == ("PROCESSED", 1, 2, 3)
        results = await loading.results(job)
        assert outcomes(results) == [("1", "CREATED"), ("2", "REFUSED"), ("3", "REFUSED")]
        assert results[1]["message"] == f"it would equal customer {known['id']}"
        found = (await loading.api.get(f"/customers/{known['id']}")).json()
        assert found["base"]["firstName"] != "Ada"
        await audit(loading.shop)

    async def test_gives_ids_itself(self, loading: Loading) -> None:
        job = await loading.load(f"id\n{uuid4()}\n", "INSERT")

        assert job["errorMessage"].endswith("id is given by the server")


class TestDelete:
    async def test_deletes_with_all_that_they_own(self, loading: Loading) -> None:
        shop = loading.shop
        for email in ("ada@shop.example", "bea@shop.example", "cleo@shop.example"):
            made = await post_customer(loading.api, shop, email)
            await post_event(
                loading.api,
                {"customerId": made["id"], "type": "viewedPage", "context": "WEB"}
                | {"properties": {"title": "Tea"}},
            )
        content = "base.contacts.email,base.firstName\nADA@shop.example,x\nbea@shop.example,\n"

        job = await loading.done(
            content + "no@shop.example,\nada@shop.example,\n,Nobody\n", "DELETE"
        )

        assert counts(job) == ("PROCESSED", 2, 3, 5)
        results = await loading.results(job)
        assert [one["result"] for one in results] == ["DELETED"] * 2 + ["REFUSED"] * 3
        assert results[2]["message"] == "no customer of the node is named like this"
        (left,) = await audit(shop)
        assert [one.value for one in left.profile.contact_points] == ["cleo@shop.example"]

    async def test_finds_them_by_id_and_by_external_id(self, loading: Loading) -> None:
        await loading.done(PEOPLE)
        first, second = await all_customers(loading.shop)

        by_id = await loading.done(f"id\n{first.id}\n", "DELETE")
        by_name = await loading.done(f"externalId\n{second.profile.external_id}\n", "DELETE")

        assert counts(by_id) == counts(by_name) == ("PROCESSED", 1, 0, 1)
        assert await audit(loading.shop) == []

    async def test_comes_after_what_was_left_before_it(self, loading: Loading, shop: Shop) -> None:
        await loading.load(PEOPLE)
        await loading.load(PEOPLE, "DELETE")
        await loading.load(PEOPLE)
        await loading.load(PEOPLE, "DELETE")

        await loading.work()

        jobs = (await loading.listed(sort="createdAt,asc"))["elements"]
        assert [counts(one) for one in jobs] == [("PROCESSED", 2, 0, 2)] * 4
        assert await audit(shop) == []

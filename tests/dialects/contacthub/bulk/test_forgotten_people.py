"""Whoever was forgotten is in no file that waits, in no result, and comes back by no bulk job."""

import csv
from io import StringIO
from uuid import UUID

import pytest

from onefold.model.access import Role
from tests.audit import all_customers, audit, traces
from tests.builders import Shop
from tests.dialects.contacthub.bulk.loading import HEADER, Loading, counts
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import post_customer

ADA = "ada.unseen.bulk@shop.example"
ROWS = f"{HEADER}\n1,Bea,bea@shop.example\n2,Unseenname,{ADA.upper()}\n3,Cleo,cleo@shop.example\n"


@pytest.fixture
async def officer(clients: Clients) -> Api:
    return await clients.acting_as(Role.PRIVACY_OFFICER)


@pytest.fixture
async def ada(loading: Loading) -> str:
    made = await post_customer(loading.api, loading.shop, ADA)
    return str(made["id"])


async def forget(officer: Api, customer_id: str) -> None:
    answer = await officer.delete(f"/customers/{customer_id}/data")
    assert answer.status_code == 204, answer.text


async def names(shop: Shop) -> set[str | None]:
    return {one.profile.external_id for one in await all_customers(shop)}


class TestAForgottenPerson:
    async def test_does_not_come_back(self, loading: Loading, officer: Api, ada: str) -> None:
        await forget(officer, ada)

        for operation in ("UPSERT", "INSERT"):
            job = await loading.done(ROWS, operation)
            results = await loading.results(job)
            assert results[1]["result"] == "REFUSED"
            assert "shop.example" not in results[1]["message"]

        assert await names(loading.shop) == {"1", "3"}
        await audit(loading.shop)

    async def test_is_in_no_file_that_waits(
        self, loading: Loading, officer: Api, ada: str, shop: Shop
    ) -> None:
        pool = shop.context.database.pool
        made = await loading.load(ROWS)
        waiting = await traces(pool, "Unseenname")

        await forget(officer, ada)

        assert waiting == {"uploads"}
        for text in (ADA, ADA.upper(), "Unseenname"):
            assert await traces(pool, text) == set()
        await loading.work()
        job = await loading.job(made["id"])
        results = await loading.results(job)
        assert counts(job) == ("PROCESSED", 2, 1, 3)
        assert [one["row"] for one in results if one["result"] == "REFUSED"] == ["2"]
        assert await names(shop) == {"1", "3"}

    async def test_leaves_the_others_of_a_large_file_as_they_were(
        self, loading: Loading, officer: Api, ada: str
    ) -> None:
        """Records with line breaks in quotes, in several pieces, hers among them."""
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow([*HEADER.split(","), "extra"])
        for number in range(3_000):
            email = ADA if number % 1_000 == 500 else f"p{number}@shop.example"
            writer.writerow([number, f"Given{number}", email, f'{"long " * 40}\n"two" lines'])
        made = await loading.load(text.getvalue())

        await forget(officer, ada)
        await loading.work()

        job = await loading.job(made["id"])
        assert counts(job) == ("PROCESSED", 2_997, 3, 3_000)
        expected = {str(number) for number in range(3_000) if number % 1_000 != 500}
        assert await names(loading.shop) == expected

    async def test_is_not_named_in_what_a_job_noted(
        self, loading: Loading, officer: Api, shop: Shop
    ) -> None:
        """Her rows' results stay as ids and letters; reasons that are about her go."""
        job = await loading.done(f"{HEADER}\n9,Unseenname,{ADA}\n9,{'y' * 300},{ADA}\n")
        (stored,) = await all_customers(shop)

        await forget(officer, str(stored.id))

        assert await traces(shop.context.database.pool, "Unseenname") == set()
        results = await loading.results(job)
        assert [UUID(one["id"]) for one in results if one["id"]] == [stored.id]

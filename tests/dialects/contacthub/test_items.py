"""Educations, likes and jobs one by one, as published clients use them."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.people import (
    EDUCATION,
    JOB,
    LIKE,
    Json,
    post_customer,
    read_customer,
)
from tests.dialects.contacthub.snapshots import snapshot


@dataclass(frozen=True)
class Kind:
    """One kind of item: its list, a full one, a field that may change, and what is wrong in it."""

    name: str
    full: Json
    text: str
    wrong: Json


EDUCATIONS = Kind("educations", EDUCATION, "schoolName", {"schoolType": "KINDERGARTEN"})
LIKES = Kind("likes", LIKE, "name", {"createdTime": "yesterday"})
JOBS = Kind("jobs", JOB, "jobTitle", {"startDate": "2010-02-30"})


kinds = pytest.mark.parametrize("kind", [EDUCATIONS, LIKES, JOBS], ids=lambda one: one.name)


@pytest.fixture
async def ada(client: Api, shop: Shop) -> Json:
    base = {"educations": [EDUCATION], "likes": [LIKE], "jobs": [JOB]}
    return await post_customer(client, shop, base=base)


def path(customer: Json, kind: Kind, item_id: str = "") -> str:
    return f"/customers/{customer['id']}/{kind.name}" + (f"/{item_id}" if item_id else "")


@kinds
class TestCreate:
    @pytest.mark.behaviour(
        "contacthub/createEducation/1", "contacthub/createLike/1", "contacthub/createJob/1"
    )
    async def test_answers_the_item_with_its_id(self, client: Api, ada: Json, kind: Kind) -> None:
        new = kind.full | {"id": "new"}

        answer = await client.post(path(ada, kind), json=new)

        assert answer.status_code == 200
        assert answer.json() == new
        customer = await read_customer(client, ada["id"])
        assert customer["base"][kind.name] == [kind.full, new]
        assert (await client.get(path(ada, kind, "new"))).json() == new

    async def test_shows_what_was_not_sent_as_null(
        self, client: Api, ada: Json, kind: Kind
    ) -> None:
        answer = await client.post(path(ada, kind), json={"id": "new"})

        assert answer.json() == dict.fromkeys(kind.full) | {"id": "new"}

    async def test_refuses_an_id_that_is_there(
        self, client: Api, shop: Shop, ada: Json, kind: Kind
    ) -> None:
        before = await snapshot(shop)

        answer = await client.post(path(ada, kind), json=kind.full | {kind.text: "Other"})

        assert answer.status_code == 409
        assert await snapshot(shop) == before

    async def test_names_what_is_wrong(
        self, client: Api, shop: Shop, ada: Json, kind: Kind
    ) -> None:
        before = await snapshot(shop)
        (wrong,) = kind.wrong
        body = {kind.text: "x" * 256, **kind.wrong}

        answer = await client.post(path(ada, kind), json=body)

        assert answer.status_code == 400
        found = {one["path"] for one in answer.json()["errors"]}
        assert found == {"/id", f"/{kind.text}", f"/{wrong}"}
        assert await snapshot(shop) == before

    async def test_needs_a_customer(self, client: Api, kind: Kind) -> None:
        answer = await client.post(path({"id": uuid4()}, kind), json={"id": "new"})

        assert answer.status_code == 404


@kinds
class TestUpdate:
    @pytest.mark.behaviour(
        "contacthub/updateEducation/1", "contacthub/updateLike/1", "contacthub/updateJob/1"
    )
    async def test_answers_the_item(self, client: Api, ada: Json, kind: Kind) -> None:
        item_id = kind.full["id"]
        expected = dict.fromkeys(kind.full) | {"id": item_id, kind.text: "Other"}

        answer = await client.put(
            path(ada, kind, item_id), json={"id": item_id, kind.text: "Other"}
        )

        assert answer.status_code == 200
        assert answer.json() == expected
        customer = await read_customer(client, ada["id"])
        assert customer["base"][kind.name] == [expected]

    async def test_takes_the_id_of_the_path(self, client: Api, ada: Json, kind: Kind) -> None:
        """The published client for Python sends none in the body."""
        item_id = kind.full["id"]

        answer = await client.put(path(ada, kind, item_id), json={kind.text: "Other"})

        assert answer.status_code == 200
        assert answer.json()["id"] == item_id

    async def test_refuses_another_id(self, client: Api, shop: Shop, ada: Json, kind: Kind) -> None:
        before = await snapshot(shop)

        answer = await client.put(path(ada, kind, kind.full["id"]), json={"id": "other"})

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == ["/id"]
        assert await snapshot(shop) == before

    async def test_of_none_is_not_found(self, client: Api, ada: Json, kind: Kind) -> None:
        assert (await client.put(path(ada, kind, "other"), json={})).status_code == 404


class TestYears:
    @pytest.mark.parametrize("year", ["1999", "1999.0", "1.999e3"])
    async def test_are_whole_numbers_in_any_notation(
        self, client: Api, ada: Json, year: str
    ) -> None:
        text = '{"id": "school", "startYear": YEAR}'.replace("YEAR", year)

        answer = await client.put(path(ada, EDUCATIONS, "school"), content=text.encode())

        assert answer.status_code == 200
        assert str(answer.json()["startYear"]) == "1999"


@kinds
class TestGet:
    async def test_answers_the_item(self, client: Api, ada: Json, kind: Kind) -> None:
        answer = await client.get(path(ada, kind, kind.full["id"]))

        assert answer.json() == kind.full

    async def test_of_none_is_not_found(self, client: Api, ada: Json, kind: Kind) -> None:
        assert (await client.get(path(ada, kind, "other"))).status_code == 404
        nobody = path({"id": "nobody"}, kind, kind.full["id"])
        assert (await client.get(nobody)).status_code == 404


@kinds
class TestDelete:
    @pytest.mark.behaviour(
        "contacthub/deleteEducation/1", "contacthub/deleteLike/1", "contacthub/deleteJob/1"
    )
    async def test_answers_without_a_body(self, client: Api, ada: Json, kind: Kind) -> None:
        gone = path(ada, kind, kind.full["id"])

        answer = await client.delete(gone)

        assert answer.status_code == 200
        assert answer.content == b""
        assert (await read_customer(client, ada["id"]))["base"][kind.name] == []
        assert (await client.delete(gone)).status_code == 404

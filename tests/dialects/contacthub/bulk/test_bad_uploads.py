"""Uploads that are none: what they are told, and that nothing is left of them."""

from uuid import UUID

import httpx
import pytest

from onefold.web.limits import UPLOAD_BYTES_MAX
from tests.builders import Shop
from tests.contracts.contract import document
from tests.dialects.contacthub.bulk.loading import PEOPLE, Loading

FORM = {"Content-Type": "multipart/form-data; boundary=limit"}


async def left_of(shop: Shop) -> tuple[int, int]:
    """How many jobs and pieces of files the workspace has."""
    pool = shop.context.database.pool
    jobs = await pool.fetchval(
        "SELECT count(*) FROM jobs WHERE workspace_id = $1", shop.workspace_id
    )
    pieces = await pool.fetchval(
        "SELECT count(*) FROM uploads WHERE workspace_id = $1", shop.workspace_id
    )
    return jobs, pieces


def problem(answer: httpx.Response) -> tuple[int, list[str]]:
    return answer.status_code, [one["path"] for one in answer.json()["errors"]]


class TestAnUpload:
    def test_has_the_limit_of_the_contract(self) -> None:
        assert document("contacthub")["x-limits"]["bulkJobFileBytes"] == UPLOAD_BYTES_MAX

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({}, "/operation"),
            ({"operation": "upsert"}, "/operation"),
            ({"operation": ""}, "/operation"),
            ({"operation": "UPSERT", "entity": "PRODUCT"}, "/entity"),
            ({"operation": "INSERT", "entity": "EVENT", "eventType": "x"}, "/eventType"),
        ],
    )
    async def test_is_told_which_field_is_wrong(
        self, loading: Loading, fields: dict[str, str], path: str
    ) -> None:
        answer = await loading.send(PEOPLE, **fields)

        assert problem(answer) == (400, [path])
        assert await left_of(loading.shop) == (0, 0)

    async def test_needs_one_file(self, loading: Loading) -> None:
        file = ("a.csv", PEOPLE.encode())
        data = {"operation": "UPSERT"}

        none = await loading.api.post(loading.path, data=data, files={"other": (None, b"x")})
        two = await loading.api.post(
            loading.path, data=data, files=[("file", file), ("file", file)]
        )
        text = await loading.api.post(loading.path, files={"file": (None, b"x"), **dict_of(data)})

        assert [problem(one) for one in (none, two, text)] == [(400, ["/file"])] * 3
        assert await left_of(loading.shop) == (0, 0)

    async def test_must_be_a_form(self, loading: Loading) -> None:
        json = await loading.api.post(loading.path, json={"operation": "UPSERT"})
        plain = await loading.api.post(loading.path, content=PEOPLE)
        broken = await loading.api.post(loading.path, content=b"--limit\r\nx", headers=FORM)

        assert [problem(one)[0] for one in (json, plain, broken)] == [400, 400, 400]
        assert problem(json)[1] == ["/Content-Type"]
        assert await left_of(loading.shop) == (0, 0)

    async def test_may_not_be_too_large(
        self, loading: Loading, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("onefold.web.uploads.UPLOAD_BYTES_MAX", 20)

        answer = await loading.send(PEOPLE, operation="UPSERT")

        assert problem(answer) == (413, ["/file"])
        assert await left_of(loading.shop) == (0, 0)

    async def test_is_gone_when_its_job_has_ended(self, loading: Loading) -> None:
        job = await loading.load(PEOPLE)
        waiting = await left_of(loading.shop)

        await loading.work()

        assert UUID(job["id"])
        assert waiting == (1, 1)
        assert await left_of(loading.shop) == (1, 0)


def dict_of(data: dict[str, str]) -> dict[str, tuple[None, bytes]]:
    return {name: (None, value.encode()) for name, value in data.items()}

"""What is no operation: refused in the dialect's words, with a reference that is in the log."""

import httpx

from tests.builders import Shop


class TestPaths:
    async def test_that_are_unknown_are_not_found_in_the_shape_of_the_dialect(
        self, web: httpx.AsyncClient
    ) -> None:
        answer = await web.get("/contacthub/hub/v1/nothing")

        assert answer.status_code == 404
        assert set(answer.json()) == {"message", "logref", "data", "errors"}
        assert answer.headers["access-control-allow-origin"] == "*"

    async def test_that_do_not_know_a_method_name_those_they_know(
        self, web: httpx.AsyncClient, own_shop: Shop
    ) -> None:
        answer = await web.delete(f"/contacthub/hub/v1/workspaces/{own_shop.workspace_id}/events")

        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, POST"

    async def test_that_are_outside_of_every_dialect_are_not_found(
        self, web: httpx.AsyncClient
    ) -> None:
        assert (await web.get("/nothing")).status_code == 404

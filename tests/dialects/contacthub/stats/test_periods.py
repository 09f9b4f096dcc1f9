"""Which period is answered for: the usual one, the longest one, and what makes no sense."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import Shop
from tests.dialects.contacthub.clients import Api
from tests.dialects.contacthub.stats.scenes import figures, length, make_customer, moment

YEAR = timedelta(days=365)
MONTH = timedelta(days=31)
SLACK = timedelta(days=4)
"""Months and leap years differ by that much."""


def is_about(found: timedelta, wanted: timedelta) -> bool:
    return wanted - SLACK <= found <= wanted + SLACK


@pytest.fixture
async def path(shop: Shop, request: pytest.FixtureRequest) -> str:
    return str(request.param).replace("<customer>", str(await make_customer(shop)))


CATEGORIES = "/customers/<customer>/stats/event-category-distribution"
BUYING = "/customers/<customer>/stats/buying-behaviors"


class TestWithoutStartAndEnd:
    @pytest.mark.behaviour(
        "contacthub/getEventsCategoryDistribution/1",
        "contacthub/getBuyingBehaviors/1",
        "contacthub/getAddedCustomers/2",
    )
    @pytest.mark.parametrize("path", [CATEGORIES, BUYING, "/stats/added-customers"], indirect=True)
    async def test_is_the_last_year(self, client: Api, path: str) -> None:
        parameters = (await figures(client, path))["parameters"]

        assert is_about(length(parameters), YEAR)
        assert is_about(datetime.now(UTC) - moment(parameters["end"]), timedelta(0))

    @pytest.mark.behaviour(
        "contacthub/getCustomersTrend/1",
        "contacthub/getEventsTrend/1",
        "contacthub/getPurchasesKpi/2",
        "contacthub/getEcommerceKpi/2",
        "contacthub/getWebKpi/2",
    )
    @pytest.mark.parametrize(
        "path",
        [
            "/stats/customers-trend",
            "/stats/events-trend",
            "/stats/events-distribution",
            "/stats/events-kpi/purchases",
            "/stats/events-kpi/ecommerce",
            "/stats/events-kpi/web",
        ],
    )
    async def test_is_the_last_month(self, client: Api, path: str) -> None:
        parameters = (await figures(client, path))["parameters"]

        assert is_about(length(parameters), MONTH)
        assert is_about(datetime.now(UTC) - moment(parameters["end"]), timedelta(0))


class TestWithOneEnd:
    async def test_goes_back_from_the_end(self, client: Api) -> None:
        answer = await figures(client, "/stats/customers-trend", end="2026-03-31T10:00:00Z")

        assert answer["parameters"]["start"] == "2026-02-28T10:00:00.000+0000"

    async def test_goes_on_from_the_start_until_now(self, client: Api) -> None:
        answer = await figures(client, "/stats/events-kpi/web", start="2020-02-29T10:00:00Z")

        assert answer["parameters"]["start"] == "2020-02-29T10:00:00.000+0000"
        assert is_about(datetime.now(UTC) - moment(answer["parameters"]["end"]), timedelta(0))


class TestTooLong:
    @pytest.mark.behaviour("contacthub/getEventsCategoryDistribution/3")
    @pytest.mark.parametrize(
        ("mode", "start"),
        [
            ("DAILY", "2025-03-02T12:00:00.000+0000"),
            ("WEEKLY", "2021-03-02T12:00:00.000+0000"),
            ("MONTHLY", "2016-03-02T12:00:00.000+0000"),
        ],
    )
    @pytest.mark.parametrize("path", [CATEGORIES, "/stats/added-customers"], indirect=True)
    async def test_moves_the_start_by_mode(
        self, client: Api, path: str, mode: str, start: str
    ) -> None:
        asked = {"start": "2001-01-01T00:00:00Z", "end": "2026-03-02T12:00:00Z"}

        answer = await figures(client, path, mode=mode, **asked)

        assert answer["parameters"] == {
            "start": start,
            "end": "2026-03-02T12:00:00.000+0000",
            "mode": mode,
        }

    @pytest.mark.behaviour(
        "contacthub/getCustomersTrend/2",
        "contacthub/getEventsTrend/2",
    )
    @pytest.mark.parametrize("path", ["/stats/customers-trend", "/stats/events-trend"])
    @pytest.mark.parametrize(
        ("kind", "start"),
        [
            ("ADDED", "2025-03-02T12:00:00.000+0000"),
            ("UPDATED", "2025-03-02T12:00:00.000+0000"),
            ("DELETED", "2026-02-02T12:00:00.000+0000"),
        ],
    )
    async def test_moves_the_start_of_a_trend(
        self, client: Api, path: str, kind: str, start: str
    ) -> None:
        asked = {"start": "2001-01-01T00:00:00Z", "end": "2026-03-02T12:00:00Z"}

        answer = await figures(client, path, type=kind, **asked)

        assert answer["parameters"]["start"] == start

    @pytest.mark.behaviour("contacthub/getEventsDistribution/2")
    async def test_moves_the_start_of_a_distribution(self, client: Api) -> None:
        usual = await figures(client, "/stats/events-distribution")
        asked = {"start": "2001-01-01T00:00:00Z", "end": "2024-02-29T12:00:00Z"}

        answer = await figures(client, "/stats/events-distribution", **asked)

        assert is_about(length(usual["parameters"]), MONTH)
        assert answer["parameters"]["start"] == "2023-02-28T12:00:00.000+0000"

    async def test_is_never_too_long_for_indicators(self, client: Api) -> None:
        asked = {"start": "2001-01-01T00:00:00Z", "end": "2026-03-02T12:00:00Z"}

        answer = await figures(client, "/stats/events-kpi/purchases", **asked)

        assert answer["parameters"]["start"] == "2001-01-01T00:00:00.000+0000"


class TestMode:
    @pytest.mark.behaviour("contacthub/getEventsCategoryDistribution/2")
    @pytest.mark.parametrize("path", [CATEGORIES], indirect=True)
    async def test_is_a_day_for_a_customer(self, client: Api, path: str) -> None:
        assert (await figures(client, path))["parameters"]["mode"] == "DAILY"

    @pytest.mark.behaviour("contacthub/getAddedCustomers/3")
    async def test_is_a_month_for_customers(self, client: Api) -> None:
        answer = await figures(client, "/stats/added-customers")

        assert answer["parameters"]["mode"] == "MONTHLY"


class TestNonsense:
    @pytest.mark.parametrize(
        ("path", "params", "pointer"),
        [
            ("/stats/added-customers", {"start": "yesterday"}, "/start"),
            ("/stats/added-customers", {"end": "2026-02-30T00:00:00Z"}, "/end"),
            ("/stats/added-customers", {"mode": "HOURLY"}, "/mode"),
            ("/stats/customers-trend", {"type": "MOVED"}, "/type"),
            ("/stats/events-distribution", {"context": "MOON"}, "/context"),
            ("/stats/events-kpi/purchases", {"type": "WEB"}, "/type"),
            (
                "/stats/events-trend",
                {"start": "2026-03-02T12:00:00Z", "end": "2026-03-01T12:00:00Z"},
                "/start",
            ),
        ],
    )
    async def test_is_refused_by_name(
        self, client: Api, path: str, params: dict[str, str], pointer: str
    ) -> None:
        answer = await client.get(path, params=params)

        assert answer.status_code == 400
        assert [one["path"] for one in answer.json()["errors"]] == [pointer]

    async def test_takes_an_offset_whose_plus_was_not_encoded(self, client: Api) -> None:
        answer = await client.get("/stats/events-kpi/web?start=2026-03-01T00:00:00.000+0000")

        assert answer.json()["parameters"]["start"] == "2026-03-01T00:00:00.000+0000"

    async def test_reaches_to_the_ends_of_the_calendar(self, client: Api) -> None:
        asked = {"start": "0001-01-05T00:00:00Z", "end": "9999-12-25T00:00:00Z"}

        answer = await client.get("/stats/events-kpi/web", params=asked)

        assert answer.status_code == 200
        assert (await client.get("/stats/added-customers", params=asked)).status_code == 200
        early = {"end": "0001-01-05T00:00:00Z"}
        assert (await client.get("/stats/events-trend", params=early)).status_code == 200

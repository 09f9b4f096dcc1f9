"""Random requests: whatever is sent, the answer is one that the contract documents."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onefold.actions.context import Context
from onefold.model.access import Role
from tests.builders import make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.bodies import (
    ATTRIBUTES,
    bodies_of,
    mount_of,
    parameters_of,
    queries,
)
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.scenes import EXAMPLES, WITH_BODY, Example, Scene, make_scene
from tests.dialects.contacthub.snapshots import quick_snapshot

FEW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
MANY = settings(FEW, max_examples=500, derandomize=False)
READING = [one for one in EXAMPLES if one.method == "GET"]
DEFINITIONS = {"a": {"schema": {"type": "string"}}}

writing_ones = pytest.mark.parametrize("example", WITH_BODY, ids=lambda one: one.operation)
reading_ones = pytest.mark.parametrize("example", READING, ids=lambda one: one.operation)


@pytest.fixture(scope="module")
async def scene(context: Context, transport: ContractTransport) -> Scene:
    shop = await make_shop(context, definitions=DEFINITIONS)
    return await make_scene(Clients(transport, shop), shop)


@pytest.fixture(scope="module")
async def anybody(transport: ContractTransport, scene: Scene) -> Api:
    """A caller that may do everything, so that nothing else is in the way."""
    token = await scene.shop.token_for(*Role)
    return Clients(transport, scene.shop).bearing(token)


def url_of(example: Example) -> str:
    return mount_of(example.path.replace("<", "").replace(">", ""))


async def write(example: Example, data: st.DataObject, anybody: Api, scene: Scene) -> int:
    """Send a random body; the client's transport holds the answer against the contract."""
    body = data.draw(bodies_of(example.method, url_of(example)), label="body")
    params = data.draw(parameters_of(example.method, url_of(example)), label="query")
    content = json.dumps(scene.filled(body)).encode()

    answer = await example.send(anybody, scene, content=content, params=scene.filled(params))

    assert answer.status_code < 500, answer.text
    return answer.status_code


@writing_ones
class TestBodies:
    @FEW
    @given(data=st.data())
    async def test_of_any_kind_get_an_answer_of_the_contract(
        self, example: Example, data: st.DataObject, anybody: Api, scene: Scene
    ) -> None:
        await write(example, data, anybody, scene)

    @pytest.mark.slow
    @MANY
    @given(data=st.data())
    async def test_of_any_kind_change_nothing_when_refused(
        self, example: Example, data: st.DataObject, anybody: Api, scene: Scene
    ) -> None:
        before = await quick_snapshot(scene.shop)

        status = await write(example, data, anybody, scene)

        assert status < 400 or await quick_snapshot(scene.shop) == before


@reading_ones
class TestQueries:
    @FEW
    @given(data=st.data())
    async def test_of_any_kind_get_an_answer_of_the_contract(
        self, example: Example, data: st.DataObject, anybody: Api, scene: Scene
    ) -> None:
        params = data.draw(parameters_of(example.method, url_of(example)))

        answer = await example.send(anybody, scene, params=scene.filled(params))

        assert answer.status_code < 500, answer.text

    @pytest.mark.slow
    @MANY
    @given(data=st.data())
    async def test_of_any_kind_get_an_answer_of_the_contract_at_length(
        self, example: Example, data: st.DataObject, anybody: Api, scene: Scene
    ) -> None:
        params = data.draw(parameters_of(example.method, url_of(example)))

        answer = await example.send(anybody, scene, params=scene.filled(params))

        assert answer.status_code < 500, answer.text


async def search(data: st.DataObject, anybody: Api, scene: Scene) -> None:
    params = {
        "nodeId": str(scene.shop.node_id),
        "query": json.dumps(data.draw(queries(), label="query")),
        "sort": data.draw(ATTRIBUTES | st.just(""), label="sort"),
        "fields": data.draw(ATTRIBUTES | st.just(""), label="fields"),
    }

    answer = await anybody.get("/customers", params=params)

    assert answer.status_code in {200, 400}, answer.text


class TestConditions:
    @settings(FEW, max_examples=150)
    @given(data=st.data())
    async def test_of_any_kind_find_somebody_or_nobody_or_are_refused(
        self, data: st.DataObject, anybody: Api, scene: Scene
    ) -> None:
        await search(data, anybody, scene)

    @pytest.mark.slow
    @settings(MANY, max_examples=5000)
    @given(data=st.data())
    async def test_of_any_kind_find_somebody_or_nobody_or_are_refused_at_length(
        self, data: st.DataObject, anybody: Api, scene: Scene
    ) -> None:
        await search(data, anybody, scene)

"""Requests that schemathesis makes of the published contract, to a server that runs by itself.

No answer is a fault, and each is one that the contract documents. Random ids would be answered
with 404 and nothing else, so some are exchanged for ids that are there.
"""

from collections.abc import AsyncIterator, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.errors import UnsupportedSchema
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    status_code_conformance,
    unsupported_method,
)

from onefold.actions.access import issue_token
from onefold.actions.context import Context
from onefold.assembly.application import application_on
from onefold.assembly.context import context_on
from onefold.dialects.contacthub.routes import ROUTES
from onefold.model.access import EVERYWHERE, Role, operator_of
from onefold.model.aggregates import Aggregate, AggregateState, MatchRule, RuleSet
from onefold.model.ids import NIL, uuid7
from onefold.model.workspaces import Node, NodeKind
from onefold.store.database import Database
from onefold.store.sealing import Sealer
from tests.builders import NOON, Shop
from tests.cli.conftest import folder, url
from tests.cli.serving import Serving
from tests.conftest import TEST_KEY
from tests.contracts.contract import check_response
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Clients
from tests.dialects.contacthub.scenes import make_scene

__all__ = ["folder", "url"]


def fits_the_contract(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """By our own reading: schemathesis refuses the one form of a moment that all clients read."""
    del ctx
    if case.method == "OPTIONS":  # what a browser asks first is no operation
        assert (response.status_code, response.content) == (204, b"")
        return
    check_response(
        "contacthub",
        case.method,
        urlsplit(response.request.url or "").path,
        response.status_code,
        {name: values[0] for name, values in response.headers.items()},
        response.content,
    )


CHECKS = [
    fits_the_contract,
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    ignored_auth,
    unsupported_method,
    allow_header_conformance,
]
FEW = settings(
    max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
MANY = settings(FEW, max_examples=150, derandomize=False)
ITEMS = {"propertyId": "news", "educationId": "school", "likeId": "tea", "jobId": "clerk"}
NAMES = {
    "eventType": "viewedPage",
    "baseProperty": "firstName",
    "name": "dob",
    "planModel": "ORDER",
}
UNION = Node(
    NIL,
    NodeKind.AGGREGATE,
    "Everybody",
    aggregate=Aggregate(
        AggregateState.ACTIVE, RuleSet(1, (MatchRule("matching", ("contact.email",)),))
    ),
)
ANSWER_SECONDS_MAX = 40.0
WORKSPACE = "workspaceId"
ALIKE = frozenset({"nodeId", "customerId"})
"""Names that mean the same in a path, a query and a body."""

MOSTLY = st.sampled_from([True, True, True, False])
of_each_operation = pytest.mark.parametrize("route", ROUTES, ids=lambda one: one.operation_id)


@dataclass(frozen=True)
class Place:
    """A shop on the server, for one operation to do with as it likes."""

    base_url: str
    token: str
    ids: dict[str, str]

    def send(self, case: Case[Any], data: st.DataObject | None = None) -> None:
        """Sends a case with ids that are there, most of the time, and checks the answer."""
        self._fill(case.path_parameters, self.ids.keys(), data)
        self._fill(case.query, ALIKE, data)
        self._fill(case.body, ALIKE, data)
        headers = {"Authorization": f"Bearer {self.token}"}
        case.call_and_validate(
            base_url=self.base_url, headers=headers, checks=CHECKS, timeout=ANSWER_SECONDS_MAX
        )

    def _fill(self, values: Any, known: AbstractSet[str], data: st.DataObject | None) -> None:
        names = sorted(known & values.keys()) if isinstance(values, dict) else []
        for name in names:
            if name == WORKSPACE or data is None or data.draw(MOSTLY):
                values[name] = self.ids[name]


@pytest.fixture(scope="module")
def serving(url: str, folder: Path) -> Iterator[Serving]:
    key_file = folder / "sealing.key"
    key_file.write_text(TEST_KEY.hex())
    with Serving("--database", url, "--key-file", str(key_file), folder=folder) as server:
        yield server


@pytest.fixture(scope="module")
async def context(url: str) -> AsyncIterator[Context]:
    """The same database from here, to make shops in it."""
    database = await Database.open(url, Sealer(TEST_KEY), connections_max=2)
    yield context_on(database)
    await database.close()


@pytest.fixture(scope="module")
async def transport(context: Context) -> AsyncIterator[ContractTransport]:
    app, services, _ = application_on(context)
    yield ContractTransport(httpx.ASGITransport(app))
    await services.drain()


@pytest.fixture(scope="module", autouse=True)
def straight() -> Iterator[None]:
    """Whatever proxy the machine has, it is not asked for a server on the machine itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield


@pytest.fixture(scope="module")
def contract(serving: Serving) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{serving.url}/contacthub/openapi.json")


@pytest.fixture
async def place(
    serving: Serving, context: Context, transport: ContractTransport, shop: Shop, route: Any
) -> Place:
    union = await shop.add_node(replace(UNION, id=uuid7(NOON), entry_node_ids=(shop.node_id,)))
    clients = Clients(transport, shop)
    scene = await make_scene(clients, shop)
    bound = "{workspaceId}" in route.path
    async with context.database.transaction() as tx:
        token = await issue_token(
            tx,
            operator_of(shop.workspace_id if bound else EVERYWHERE),
            kind="member",
            roles=frozenset(Role) if bound else frozenset({Role.OPERATOR}),
            subject_id=None,
            node_ids=None,
            at=NOON,
        )
    ids = {
        WORKSPACE: str(shop.workspace_id),
        "nodeId": str(shop.node_id),
        "customerId": scene.customer,
        "sessionId": scene.session,
        "sourceId": str(shop.source.id),
        "aggregateNodeId": str(union.id),
        **ITEMS,
        **NAMES,
    }
    if route.path.endswith("/events/{id}"):
        ids["id"] = scene.event
    admin = await clients.acting_as(Role.ADMIN)
    if "/bulk-jobs/" in route.path:
        left = {"file": ("people.csv", "base.contacts.email\nzoe@shop.example\n", "text/csv")}
        path = f"/nodes/{shop.node_id}/bulk-jobs"
        answer = await admin.post(path, data={"operation": "UPSERT"}, files=left)
        ids["jobId"] = answer.json()["id"]
    if route.path.endswith("/entry-customers"):
        found = await admin.get("/customers", params={"nodeId": str(union.id)})
        ids["customerId"] = found.json()["elements"][0]["id"]
    return Place(f"{serving.url}/contacthub/hub/v1", token, ids)


@st.composite
def cases(draw: st.DrawFn, operation: APIOperation[Any, Any, Any, Any]) -> Case[Any]:
    """Good requests and bad ones; now and then schemathesis breaks a schema beyond its own use."""
    strategy = operation.as_strategy(draw(st.sampled_from(GenerationMode)))
    try:
        return draw(strategy)
    except UnsupportedSchema:
        reject()


@of_each_operation
class TestAnswers:
    def test_are_those_of_the_contract(
        self, contract: BaseSchema, place: Place, route: Any
    ) -> None:
        operation = contract[route.path][route.method]

        @FEW
        @given(case=cases(operation), data=st.data())
        def send(case: Case[Any], data: st.DataObject) -> None:
            place.send(case, data)

        send()

    @pytest.mark.slow
    def test_are_those_of_the_contract_at_length(
        self, contract: BaseSchema, place: Place, route: Any
    ) -> None:
        operation = contract[route.path][route.method]

        @MANY
        @given(case=cases(operation), data=st.data())
        def send(case: Case[Any], data: st.DataObject) -> None:
            place.send(case, data)

        send()

    @pytest.mark.slow
    def test_are_those_of_the_contract_at_its_limits(
        self, contract: BaseSchema, place: Place, route: Any
    ) -> None:
        operation = contract[route.path][route.method]

        for case in contract.iter_coverage_cases(
            operation,
            generation_modes=list(GenerationMode),
            generation_config=contract.config.generation,
        ):
            place.send(case)

"""The harness itself: what it takes for an answer of the contract, and what it refuses."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.contracts.contract import check_response, dialect_of, find_operation, statements
from tests.contracts.recorder import ContractTransport

MOUNT = "/contacthub/hub/v1"
WORKSPACE = f"{MOUNT}/workspaces/019a0000-0000-7000-8000-000000000001"
CUSTOMER = f"{WORKSPACE}/customers/019a0000-0000-7000-8000-000000000002"
JSON = {"Content-Type": "application/json; charset=utf-8"}
REFUSAL: dict[str, object] = {
    "message": "no",
    "logref": "019a0000-0000-7000-8000-00000000000f",
    "data": None,
    "errors": [],
}


def customer(**changes: object) -> dict[str, object]:
    return {
        "id": "019a0000-0000-7000-8000-000000000002",
        "nodeId": "019a0000-0000-7000-8000-000000000003",
        "registeredAt": "2017-03-09T11:31:31.842+0000",
        **changes,
    }


def check(method: str, path: str, status: int, body: object, **headers: str) -> None:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    check_response("contacthub", method, path, status, headers or JSON, text)


class TestFindingTheOperation:
    @pytest.mark.parametrize(
        ("method", "path", "operation"),
        [
            ("GET", f"{WORKSPACE}/customers", "searchCustomers"),
            ("GET", CUSTOMER, "getCustomer"),
            ("HEAD", CUSTOMER, "getCustomer"),
            ("POST", f"{WORKSPACE}/customers", "createCustomer"),
            ("DELETE", f"{CUSTOMER}/data", "forgetCustomer"),
            ("GET", f"{WORKSPACE}/customers/not-existing", "getCustomer"),
        ],
    )
    def test_goes_by_method_and_path(self, method: str, path: str, operation: str) -> None:
        found = find_operation("contacthub", method, path)

        assert found is not None
        assert found.operation_id == operation

    @pytest.mark.parametrize(
        "path", [f"{MOUNT}/nothing", f"{CUSTOMER}/", f"{WORKSPACE}/customers/"]
    )
    def test_finds_nothing_at_other_paths(self, path: str) -> None:
        assert find_operation("contacthub", "GET", path) is None

    def test_prefers_fixed_parts(self) -> None:
        path = f"{WORKSPACE}/configuration/nodes/entries"
        found = find_operation("contacthub", "GET", path)

        assert found is not None
        assert found.path.endswith("/entries")

    def test_knows_whose_mount_a_path_lies_under(self) -> None:
        assert dialect_of(CUSTOMER) == "contacthub"
        assert dialect_of("/contacthub/openapi.json") is None
        assert dialect_of("/healthz") is None


class TestAnswers:
    def test_of_the_contract_pass(self) -> None:
        check("GET", CUSTOMER, 200, customer())
        check("GET", CUSTOMER, 404, REFUSAL)
        check("GET", CUSTOMER, 503, REFUSAL)
        check("GET", CUSTOMER, 200, customer(base={"pictureUrl": "as it came"}))
        check("HEAD", CUSTOMER, 200, b"")
        check("GET", f"{MOUNT}/nothing", 404, REFUSAL)
        check("PATCH", f"{WORKSPACE}/customers", 405, REFUSAL)

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (200, customer(id=7)),
            (200, customer(id="not-a-uuid")),
            (200, {"id": "019a0000-0000-7000-8000-000000000002"}),
            (200, customer(registeredAt="2017-03-09T11:31:31.842Z")),
            (200, customer(registeredAt="2017-03-09T11:31:31+0000")),
            (200, b""),
            (200, b"{"),
            (200, b'{"id": NaN}'),
            (418, REFUSAL),
            (204, b""),
            (404, {"message": "no"}),
            (500, {"message": "no"}),
        ],
    )
    def test_against_the_contract_are_refused(self, status: int, body: object) -> None:
        with pytest.raises(AssertionError, match=r"getCustomer: GET .* against the contract"):
            check("GET", CUSTOMER, status, body)

    def test_of_another_content_type_are_refused(self) -> None:
        with pytest.raises(AssertionError, match="content type 'text/html'"):
            check("GET", CUSTOMER, 200, customer(), **{"content-type": "text/html"})

    def test_documented_as_empty_are_refused_with_a_body(self) -> None:
        check("DELETE", CUSTOMER, 200, b"")
        with pytest.raises(AssertionError, match="must be empty"):
            check("DELETE", CUSTOMER, 200, {})

    def test_at_unknown_paths_are_refused_unless_they_say_so(self) -> None:
        with pytest.raises(AssertionError, match="no such operation"):
            check("GET", f"{MOUNT}/nothing", 200, {})
        with pytest.raises(AssertionError, match="required"):
            check("GET", f"{MOUNT}/nothing", 404, {"detail": "Not Found"})


class TestStatements:
    def test_are_counted_from_one(self) -> None:
        texts = [statements("contacthub")[f"contacthub/createCustomer/{i}"] for i in (1, 2)]

        assert all(texts)
        assert "contacthub/createCustomer/0" not in statements("contacthub")


@pytest.fixture
async def answers() -> list[httpx.Response]:
    """What the server of these tests will answer, one after another."""
    return []


@pytest.fixture
async def client(answers: list[httpx.Response]) -> AsyncIterator[httpx.AsyncClient]:
    transport = ContractTransport(httpx.MockTransport(lambda _: answers.pop(0)))
    async with httpx.AsyncClient(transport=transport, base_url="http://onefold.example") as one:
        yield one


class TestTransport:
    async def test_hands_on_what_it_has_checked(
        self, client: httpx.AsyncClient, answers: list[httpx.Response]
    ) -> None:
        answers.append(httpx.Response(200, json=customer()))

        response = await client.get(CUSTOMER, params={"nodeId": "x"})

        assert response.json() == customer()
        assert response.elapsed

    async def test_raises_in_the_test_that_got_a_wrong_answer(
        self, client: httpx.AsyncClient, answers: list[httpx.Response]
    ) -> None:
        answers.append(httpx.Response(200, json={}))

        with pytest.raises(AssertionError, match="getCustomer"):
            await client.get(CUSTOMER)

    async def test_knows_the_method_that_a_header_names(
        self, client: httpx.AsyncClient, answers: list[httpx.Response]
    ) -> None:
        answers.append(httpx.Response(200, content=b""))

        response = await client.post(CUSTOMER, headers={"X-HTTP-Method-Override": "DELETE"})

        assert response.content == b""

    async def test_leaves_alone_what_no_contract_describes(
        self, client: httpx.AsyncClient, answers: list[httpx.Response]
    ) -> None:
        answers += [httpx.Response(200, text="fine"), httpx.Response(204)]

        assert (await client.get("/healthz")).text == "fine"
        assert (await client.options(CUSTOMER)).status_code == 204

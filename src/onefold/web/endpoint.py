"""From a request to an answer: authenticate, run one endpoint, encode, refuse."""

import re
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from itertools import count
from time import perf_counter
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
import structlog
from starlette.types import Receive, Scope, Send

from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction, is_unavailable
from onefold.actions.writing import run
from onefold.model.access import Actor
from onefold.model.errors import FieldError, Invalid, Refusal
from onefold.model.faults import describe_fault
from onefold.model.retries import KEY_LENGTH_MAX, RetryKey
from onefold.web.answers import Answer, Header, send_answer
from onefold.web.bodies import ClientGone, decode_json, read_body
from onefold.web.coalesce import Overloaded
from onefold.web.contract import Contract
from onefold.web.limits import BODY_BYTES_MAX
from onefold.web.measures import REQUESTS, SECONDS
from onefold.web.request_log import RequestLog
from onefold.web.services import Services

Shape = TypeVar("Shape")
Result = TypeVar("Result")
log = structlog.get_logger()

RETRY_SOON: Header = (b"retry-after", b"1")
CLIENT_GONE = 499
"""Nobody gets it: in logs and figures it stands for a client that hung up before it had asked."""


def _make_request_ids() -> Iterator[str]:
    """Sixteen hexadecimal digits: eight for the process, by chance, eight that count."""
    prefix = secrets.token_hex(4)
    return (f"{prefix}{number & 0xFFFFFFFF:08x}" for number in count(1))


_request_ids = _make_request_ids()


@dataclass(slots=True)
class Call:
    """One request, as endpoints see it; `at` is the time at which it arrived."""

    services: Services
    contract: Contract
    operation_id: str
    scope: Scope
    headers: Mapping[bytes, bytes]
    receive: Receive
    at: datetime
    request_id: str
    bytes_max: int = BODY_BYTES_MAX
    actor: Actor = field(init=False)
    picture: Picture = field(init=False)
    _query: dict[str, str] | None = None
    _raw: bytes = b""

    @property
    def path(self) -> Mapping[str, str]:
        """The parameters in the path, by the names that the contract gives them."""
        found: Mapping[str, str] = self.scope["path_params"]
        return found

    @property
    def base_url(self) -> str:
        """Where the dialect is mounted, as the caller addressed it."""
        host = self.headers.get(b"host", b"localhost").decode("latin-1")
        return f"{self.scope['scheme']}://{host}{self.scope.get('root_path', '')}"

    @property
    def query(self) -> Mapping[str, str]:
        """Query parameters; of one given twice the last counts."""
        if self._query is None:
            self._query = _parse_query(self.scope["query_string"])
        return self._query

    async def json(self) -> Any:
        """The body, checked against the contract; raises Invalid with every finding."""
        self._raw = await read_body(self.receive, bytes_max=self.bytes_max)
        body = decode_json(self._raw)
        found = self.contract.findings(self.operation_id, body)
        if found:
            raise Invalid("the body is not valid", fields=found)
        return body

    @property
    def body_bytes(self) -> int:
        """What the body weighs, once it has been read."""
        return len(self._raw)

    def retry_key(self) -> RetryKey | None:
        """The Idempotency-Key of the request with a digest of what it asks for."""
        raw = self.headers.get(b"idempotency-key")
        if not raw:
            return None
        if len(raw) > KEY_LENGTH_MAX or b"\0" in raw:
            found = FieldError("Idempotency-Key", f"must have 1 to {KEY_LENGTH_MAX} characters")
            raise Invalid("the Idempotency-Key is not valid", fields=(found,))
        asked = (self.operation_id.encode(), self.scope["query_string"], self._raw)
        return RetryKey(raw.decode("latin-1"), sha256(b"\0".join(asked)).digest())

    async def body(self, shape: type[Shape]) -> Shape:
        """The body in its shape."""
        return convert(await self.json(), shape)

    async def write(self, action: Callable[[Transaction], Awaitable[Result]]) -> Result:
        """Runs one action in one transaction, with the workspace as of that transaction."""

        async def with_picture(tx: Transaction) -> Result:
            self.picture = await self.services.context.directory.current(
                tx, self.actor.workspace_id
            )
            return await action(tx)

        return await run(self.services.context.database, with_picture)

    async def read(self, action: Callable[[Transaction], Awaitable[Result]]) -> Result:
        async with self.services.context.database.reading() as tx:
            return await action(tx)


Endpoint = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of a dialect: `path` as the contract writes it."""

    method: str
    path: str
    operation_id: str
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Door:
    """How one dialect greets and refuses; `authenticate` sets the call's actor and picture."""

    name: str
    contract: Contract
    authenticate: Callable[[Call], Awaitable[None]]
    refuse: Callable[[Refusal, str], Answer]
    fail: Callable[[int, str], Answer]
    headers: Sequence[Header] = ()


class EndpointApp:
    """The ASGI application of one operation."""

    def __init__(self, door: Door, route: Route, services: Services, requests: RequestLog) -> None:
        self._door = door
        self._route = route
        self._services = services
        self._requests = requests
        self._operation = f"{door.name}/{route.operation_id}"
        self._seconds = SECONDS.labels(door.name, route.operation_id)
        self._counted: dict[int, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        call = self._call(scope, receive)
        try:
            answer = await self._answer(call)
        except ClientGone:
            self._note(call, CLIENT_GONE, perf_counter() - started)
            return
        await send_answer(send, answer, headers=self._door.headers)
        self._note(call, answer.status, perf_counter() - started)

    def _call(self, scope: Scope, receive: Receive) -> Call:
        return Call(
            services=self._services,
            contract=self._door.contract,
            operation_id=self._route.operation_id,
            scope=scope,
            headers=dict(scope["headers"]),
            receive=receive,
            at=self._services.context.clock(),
            request_id=next(_request_ids),
        )

    async def _answer(self, call: Call) -> Answer:
        try:
            await self._door.authenticate(call)
            return await self._route.endpoint(call)
        except Refusal as refusal:
            return self._door.refuse(refusal, call.request_id)
        except ClientGone:
            raise
        except Overloaded:
            return self._unavailable(call)
        except Exception as error:  # noqa: BLE001 - a fault of any kind ends here, logged
            told = describe_fault(error)
            log.error(  # noqa: TRY400 - a traceback's last line would quote data
                "fault", request_id=call.request_id, operation=self._operation, **told
            )
            if is_unavailable(error):
                return self._unavailable(call)
            return self._door.fail(500, call.request_id)

    def _unavailable(self, call: Call) -> Answer:
        """Says when to come back too (RFC 9110, 10.2.3)."""
        answer = self._door.fail(503, call.request_id)
        return replace(answer, headers=(*answer.headers, RETRY_SOON))

    def _note(self, call: Call, status: int, seconds: float) -> None:
        counter = self._counted.get(status)
        if counter is None:
            counter = REQUESTS.labels(self._door.name, self._route.operation_id, status)
            self._counted[status] = counter
        counter.inc()
        self._seconds.observe(seconds)
        self._requests.add(
            at=call.at,
            request_id=call.request_id,
            operation=self._operation,
            status=status,
            seconds=seconds,
        )


def convert(value: object, shape: type[Shape]) -> Shape:
    """A checked JSON value in its shape; raises Invalid for what the contract let through."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        found = FieldError(_pointer_in(str(error)), "does not have the expected form")
        raise Invalid("the body is not valid", fields=(found,)) from error


def _pointer_in(text: str) -> str:
    """The place that a message of msgspec ends with (`… - at `$.base.likes[0].id``)."""
    place = text.rpartition(" - at `$")[2] if " - at `$" in text else ""
    return re.sub(r"[.\[]", "/", place).replace("]", "").removesuffix("`")


def _parse_query(text: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise Invalid("the query string is not valid") from error
    found = dict(pairs)
    nul = next((name for name, value in found.items() if "\0" in value), None)
    if nul is not None:
        fields = (FieldError(f"/{nul}", "holds a NUL character, which no text may"),)
        raise Invalid("the query string holds a NUL character", fields=fields)
    return found

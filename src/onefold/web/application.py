"""Puts routes together: one mount a dialect, its contract and its docs page, and the probes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import Pattern
from secrets import token_hex

from starlette.applications import Starlette
from starlette.routing import BaseRoute, compile_path
from starlette.routing import Route as PathRoute
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from onefold.model.errors import NotFound
from onefold.web.answers import Answer, json_answer, send_answer
from onefold.web.docs_page import docs_page
from onefold.web.endpoint import Door, EndpointApp, Route
from onefold.web.health import probes
from onefold.web.measures import REQUESTS
from onefold.web.request_log import RequestLog
from onefold.web.services import Services

OVERRIDE = b"x-http-method-override"
REQUEST_ID_BYTES = 8
NO_OPERATION = "none"
"""Stands in logs and figures for a path or method that is no operation of the dialect."""
PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Contactlab-ClientId, Idempotency-Key",
    ),
    (b"access-control-max-age", b"86400"),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One vendor's API: where it is mounted, how it greets, and its routes."""

    base_path: str
    door: Door
    routes: Sequence[Route]
    notes: str


def application(
    services: Services,
    dialects: Sequence[Dialect],
    *,
    requests: RequestLog,
    is_ready: Callable[[], Awaitable[bool]],
    figures_folder: Path | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> ASGIApp:
    """The whole server as one ASGI application."""
    routes: list[BaseRoute] = []
    apis: dict[str, _Api] = {}
    for dialect in dialects:
        name = dialect.door.name
        apis[f"/{name}{dialect.base_path}"] = _Api(dialect, services, requests)
        routes.extend(_documents(name, dialect))
    routes.extend(probes(is_ready, figures_folder=figures_folder))
    return _Front(apis, Starlette(routes=routes, lifespan=lifespan))


class _Front:
    """Sends a request to its dialect by the beginning of its path, everything else to the rest.

    The dialects answer their own faults, so they do without the layers that wrap the rest: those
    took a tenth of a small request's time.
    """

    def __init__(self, apis: Mapping[str, "_Api"], rest: ASGIApp) -> None:
        self._apis = tuple((prefix + "/", api) for prefix, api in apis.items())
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            for prefix, api in self._apis:
                if path.startswith(prefix):
                    await api.answer(scope, receive, send, path=path[len(prefix) - 1 :])
                    return
        await self._rest(scope, receive, send)


class _Api:
    """The operations of one dialect; what is none of them is refused in the dialect's words."""

    def __init__(self, dialect: Dialect, services: Services, requests: RequestLog) -> None:
        self._door = dialect.door
        self._services = services
        self._requests = requests
        self._mount = f"/{dialect.door.name}{dialect.base_path}"
        self._routes: dict[str, list[tuple[Pattern[str], EndpointApp]]] = {}
        for route in dialect.routes:
            app = EndpointApp(dialect.door, route, services, requests)
            matcher = compile_path(route.path)[0]
            self._routes.setdefault(route.method, []).append((matcher, app))

    async def answer(self, scope: Scope, receive: Receive, send: Send, *, path: str) -> None:
        """Answers a request; `path` is what follows the mount."""
        scope["root_path"] = scope.get("root_path", "") + self._mount
        for matcher, app in self._routes.get(_method(scope), ()):
            found = matcher.match(path)
            if found is not None:
                scope["path_params"] = found.groupdict()
                await app(scope, receive, send)
                return
        request_id = token_hex(REQUEST_ID_BYTES)
        answer = self._other(scope, self._methods_at(path), request_id)
        await send_answer(send, answer, headers=self._door.headers)
        self._note(request_id, answer.status)

    def _methods_at(self, path: str) -> set[str]:
        return {
            method
            for method, routes in self._routes.items()
            if any(matcher.match(path) for matcher, _ in routes)
        }

    def _note(self, request_id: str, status: int) -> None:
        REQUESTS.labels(self._door.name, NO_OPERATION, status).inc()
        self._requests.add(
            at=self._services.context.clock(),
            request_id=request_id,
            operation=f"{self._door.name}/{NO_OPERATION}",
            status=status,
            seconds=0.0,
        )

    def _other(self, scope: Scope, allowed: set[str], request_id: str) -> Answer:
        if scope["method"] == "OPTIONS" and allowed:
            return Answer(204, headers=PREFLIGHT)
        if allowed:
            refused = self._door.refuse(NotFound("the method is not allowed here"), request_id)
            allow = (b"allow", ", ".join(sorted(allowed)).encode())
            return Answer(405, refused.body, (allow,), refused.content_type)
        return self._door.refuse(NotFound("there is no such resource"), request_id)


def _method(scope: Scope) -> str:
    """The method that is meant: POST with a header may stand for any (vendors' API standards)."""
    method: str = scope["method"]
    if method == "POST":
        for name, value in scope["headers"]:
            if name == OVERRIDE:
                return str(value.decode("latin-1").upper())
    # A HEAD is a GET whose body the server holds back.
    return "GET" if method == "HEAD" else method


def _documents(name: str, dialect: Dialect) -> list[BaseRoute]:
    contract = dialect.door.contract

    def openapi(root: str) -> Answer:
        servers = [{"url": f"{root}/{name}{dialect.base_path}"}]
        return json_answer(200, {**contract.document, "servers": servers})

    def page(_: str) -> Answer:
        text = docs_page(name, contract.document, dialect.notes)
        return Answer(200, text.encode(), (), b"text/html; charset=utf-8")

    return [
        PathRoute(f"/{name}/openapi.json", _served(openapi), methods=["GET"]),
        PathRoute(f"/{name}/docs", _served(page), methods=["GET"]),
    ]


def _served(make: Callable[[str], Answer]) -> ASGIApp:
    class Served:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            del receive
            await send_answer(send, make(scope.get("root_path", "")))

    return Served()

"""Puts routes together: one mount a dialect, its contract and its docs page, and the probes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match, Mount
from starlette.routing import Route as PathRoute
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from onefold.model.errors import NotFound
from onefold.web.answers import Answer, json_answer, send_answer
from onefold.web.docs_page import docs_page
from onefold.web.endpoint import Door, EndpointApp, Route
from onefold.web.health import probes
from onefold.web.request_log import RequestLog
from onefold.web.services import Services

OVERRIDE = b"x-http-method-override"
PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, Contactlab-ClientId"),
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
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """The whole server as one ASGI application."""
    routes: list[BaseRoute] = []
    for dialect in dialects:
        name = dialect.door.name
        api = _Api(dialect, services, requests)
        routes.append(Mount(f"/{name}{dialect.base_path}", app=api))
        routes.extend(_documents(name, dialect))
    routes.extend(probes(is_ready))
    return Starlette(routes=routes, lifespan=lifespan)


class _Api:
    """The operations of one dialect; what is none of them is refused in the dialect's words."""

    def __init__(self, dialect: Dialect, services: Services, requests: RequestLog) -> None:
        self._door = dialect.door
        self._routes = [
            PathRoute(
                route.path,
                EndpointApp(dialect.door, route, services, requests),
                methods=[route.method],
            )
            for route in dialect.routes
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _override_method(scope)
        allowed: set[str] = set()
        for route in self._routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                scope.update(child)
                await route.app(scope, receive, send)
                return
            if match is Match.PARTIAL:
                allowed |= route.methods or set()
        await send_answer(send, self._other(scope, allowed), headers=self._door.headers)

    def _other(self, scope: Scope, allowed: set[str]) -> Answer:
        if scope["method"] == "OPTIONS" and allowed:
            return Answer(204, headers=PREFLIGHT)
        if allowed:
            refused = self._door.refuse(NotFound("the method is not allowed here"), "0")
            allow = (b"allow", ", ".join(sorted(allowed - {"HEAD"})).encode())
            return Answer(405, refused.body, (allow,), refused.content_type)
        return self._door.refuse(NotFound("there is no such resource"), "0")


def _override_method(scope: Scope) -> None:
    """POST with this header stands for any method (the vendor's API standards)."""
    if scope["method"] != "POST":
        return
    for name, value in scope["headers"]:
        if name == OVERRIDE:
            scope["method"] = value.decode("latin-1").upper()


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
    kept: Mapping[str, Answer] | dict[str, Answer] = {}

    class Served:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            del receive
            root = scope.get("root_path", "")
            answer = kept.get(root) or make(root)
            await send_answer(send, answer)

    return Served()

"""A transport that holds every answer which any test receives against the contract."""

import httpx

from tests.contracts.contract import check_response, dialect_of


class ContractTransport(httpx.AsyncBaseTransport):
    """Wraps the transport of a test's client; what is outside the dialects passes unread."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        path = request.url.raw_path.decode("ascii").partition("?")[0]
        dialect = dialect_of(path)
        # OPTIONS is answered to browsers (CORS) before any operation is looked up.
        if dialect is None or request.method == "OPTIONS":
            return response
        assert isinstance(response.stream, httpx.AsyncByteStream)
        raw = b"".join([chunk async for chunk in response.stream])
        if request.method == "HEAD":
            raw = b""  # what a server does to the body that an application hands it
        await response.aclose()
        # A second response decodes the body (gzip), the first one's bytes stay as they came.
        body = httpx.Response(response.status_code, headers=response.headers, content=raw).content
        check_response(dialect, _meant(request), path, response.status_code, response.headers, body)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(raw),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._inner.aclose()


def _meant(request: httpx.Request) -> str:
    """Name the method that the caller means: POST may stand for any other."""
    if request.method == "POST":
        return str(request.headers.get("X-HTTP-Method-Override", "POST")).upper()
    return request.method

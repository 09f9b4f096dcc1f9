"""Where a page comes from: scheme, host and port, as browsers say it in the header Origin."""

from urllib.parse import urlsplit

SCHEMES = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """The origin of a page (RFC 6454), without the port that goes without saying.

    Raises ValueError for an address that no page has.
    """
    parts = urlsplit(url.strip())
    port = parts.port
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("is not the address of a page")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port in (None, SCHEMES[parts.scheme]):
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{port}"

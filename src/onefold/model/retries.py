"""Keys by which a caller marks two requests as one and the same."""

from dataclasses import dataclass
from datetime import timedelta

KEY_LENGTH_MAX = 255
KEY_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class RetryKey:
    """A caller's key, and a digest of the request so that another one under it is told."""

    key: str
    request: bytes

"""A node's unique properties as one short key: the values may be longer than an index key."""

import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

from onefold.model.identifiers.texts import normalise_text

DIGEST_BYTES = 16
_LENGTH_BYTES = 8
_PATHS_KEPT_MAX = 1_000
_PURPOSE = b"onefold/unique/1"
"""Keeps these digests apart from all others, and this framing from a later one."""


def unique_value(paths: Sequence[str], values: Sequence[object], *, case_sensitive: bool) -> str:
    """Digest of the values in normal form; the order in which the paths are named is no matter.

    Every path and value is framed by its length and every value by its type, so ("ab", "c"),
    ("a", "bc"), 5, "5", "" and None all differ. Dates and ids count as the text that an API
    writes for them.
    """
    if len(paths) != len(values):
        raise ValueError("the values are shorter or longer than the paths")
    parts = [b"c" if case_sensitive else b"i"]
    for place, framed in _framed_in_order(tuple(paths)):
        parts.append(framed)
        parts.append(_framed(_canonical(values[place], case_sensitive=case_sensitive)))
    return blake2b(b"".join(parts), digest_size=DIGEST_BYTES, person=_PURPOSE).hexdigest()


@lru_cache(maxsize=_PATHS_KEPT_MAX)
def _framed_in_order(paths: tuple[str, ...]) -> tuple[tuple[int, bytes], ...]:
    """Where each path stands, and itself framed, in the order of paths; a node's are few."""
    places = sorted(range(len(paths)), key=lambda place: paths[place])
    return tuple((place, _framed(paths[place])) for place in places)


def _framed(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(_LENGTH_BYTES, "big") + encoded


def _canonical(value: object, *, case_sensitive: bool) -> str:
    """One letter for the type, then the value; 5.0 is 5, as in JSON."""
    match value:
        case None:
            return "-"
        case bool():
            return f"b{value}"
        case float() if value.is_integer():
            return f"n{int(value)}"
        case int() | float():
            return f"n{value}"
        case list() | tuple() | dict():
            written = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
            return "j" + normalise_text(written, case_sensitive=case_sensitive)
        case _:
            return "t" + normalise_text(str(value), case_sensitive=case_sensitive)

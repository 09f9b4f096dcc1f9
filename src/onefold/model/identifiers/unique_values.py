"""A node's unique properties as one short key: the values may be longer than an index key."""

import json
from collections.abc import Sequence
from hashlib import blake2b

from onefold.model.identifiers.texts import normalise_text

DIGEST_BYTES = 16
_LENGTH_BYTES = 8
_PURPOSE = b"onefold/unique/1"
"""Keeps these digests apart from all others, and this framing from a later one."""


def unique_value(paths: Sequence[str], values: Sequence[object], *, case_sensitive: bool) -> str:
    """Digest of the values in normal form; the order in which the paths are named is no matter.

    Every path and value is framed by its length and every value by its type, so ("ab", "c"),
    ("a", "bc"), 5, "5", "" and None all differ. Dates and ids count as the text that an API
    writes for them.
    """
    digest = blake2b(digest_size=DIGEST_BYTES, person=_PURPOSE)
    digest.update(b"c" if case_sensitive else b"i")
    for path, value in sorted(zip(paths, values, strict=True), key=lambda pair: pair[0]):
        for part in (path, _canonical(value, case_sensitive=case_sensitive)):
            encoded = part.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(_LENGTH_BYTES, "big"))
            digest.update(encoded)
    return digest.hexdigest()


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

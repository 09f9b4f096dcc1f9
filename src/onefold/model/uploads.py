"""What is cut out of a file that waits for its job: the records that tell of one person."""

from collections.abc import Iterator, Sequence
from io import BytesIO

RECORD_LINES_MAX = 1_000
"""A quoted cell may hold line breaks, but not this many: then its quote was never closed."""

NUL, BLANK = b"\0", b" "
"""A record of blanks behind a NUL is refused as one row; what follows keeps its place and number.
With more of them the file would no longer pass for text.
"""


def without_records(piece: bytes, texts: Sequence[str]) -> bytes | None:
    """The piece, as long as before, without records that hold one of the texts.

    None when no record does. `texts` are in small letters.
    """
    if not _tells(piece, texts):
        return None
    return b"".join(_blank(one) if _tells(one, texts) else one for one in _records(piece))


def _tells(part: bytes, texts: Sequence[str]) -> bool:
    lowered = part.decode("utf-8", "replace").lower()
    return any(text in lowered for text in texts)


def _blank(record: bytes) -> bytes:
    end = b"\n" if record.endswith(b"\n") else b""
    return NUL + BLANK * (len(record) - len(end) - 1) + end


def _records(piece: bytes) -> Iterator[bytes]:
    """Lines, or several of them where a quote is open at the end of a line."""
    waiting: list[bytes] = []
    quotes = 0
    for line in BytesIO(piece):
        waiting.append(line)
        quotes += line.count(b'"')
        if not quotes % 2:
            yield b"".join(waiting)
        elif len(waiting) == RECORD_LINES_MAX:
            yield from waiting
        else:
            continue
        waiting, quotes = [], 0
    yield from waiting

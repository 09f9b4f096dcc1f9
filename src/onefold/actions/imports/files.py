"""Opening a file for an import: is it text, how is it cut, which columns has it, what is it."""

import csv
from collections import Counter
from collections.abc import Mapping
from hashlib import blake2b
from typing import IO, Any

from onefold.actions.imports.lines import BYTE_ORDER_MARK, Lines, UnclosedQuote
from onefold.actions.imports.reading import ObjectReader, RowReader, TableReader, cells_of
from onefold.model.errors import FieldError, Invalid
from onefold.model.imports.maps import BLANKS, CSV, DELIMITERS, JSON_LINES, Reading

HEAD_BYTES = 4_096
CONTROL_SHARE_MAX = 0.05
SAMPLE_ROWS = 1_000
"""How many JSON lines are looked at before any is stored."""

HASH_CHUNK_BYTES = 1_048_576

_MAGIC: Mapping[bytes, str] = {
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"PK\x03\x04": "a zip archive or a spreadsheet: save it as CSV first",
    b"\xff\xfe": "in UTF-16: save it as UTF-8",
    b"\xfe\xff": "in UTF-16: save it as UTF-8",
    b"%PDF": "a PDF",
    b"SQLite format 3": "an SQLite database",
}
_TEXT_CONTROLS = b"\t\n\r\x0b\x0c\x1b"


def open_rows(file: IO[bytes], reading: Reading, *, name: str = "") -> RowReader:
    """The reader of a file, before its first row; raises Invalid for what is no text."""
    head = _head(file)
    form = reading.format or (JSON_LINES if _looks_like_objects(head, name) else CSV)
    lines = Lines(file, reading.encoding)
    if form == JSON_LINES:
        return ObjectReader(lines)
    delimiter = reading.delimiter or found_delimiter(head)
    if not reading.header:
        return TableReader(lines, reading.names, delimiter)
    columns = _header(lines, delimiter)
    return TableReader(lines, reading.names or columns, delimiter)


def sample_objects(reader: RowReader) -> list[dict[str, Any]]:
    """The fields of the first lines; the reader stands at its beginning again afterwards."""
    rows = reader.read(SAMPLE_ROWS)
    reader.go_to(0, 0)
    return [dict(row.content) for row in rows if isinstance(row.content, Mapping)]


def digest_of(file: IO[bytes]) -> str:
    """The hash of what is in the file; two copies of it are one import.

    The file stands where it stood: a reader may have begun with it.
    """
    place = file.seek(0, 1)
    file.seek(0)
    digest = blake2b(digest_size=16)
    while chunk := file.read(HASH_CHUNK_BYTES):
        digest.update(chunk)
    file.seek(place)
    return digest.hexdigest()


def found_delimiter(head: bytes) -> str:
    """The one of the usual delimiters that stands most often in the first line."""
    line = head.partition(b"\n")[0].decode("latin-1")
    counts = Counter({one: line.count(one) for one in DELIMITERS.values() if one != BLANKS})
    delimiter, many = counts.most_common(1)[0]
    return delimiter if many else ","


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not head.removeprefix(BYTE_ORDER_MARK).strip():
        raise Invalid("the file is empty")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise Invalid(f"the file is {what}")
    controls = sum(byte < ord(" ") and byte not in _TEXT_CONTROLS for byte in head)
    if controls > len(head) * CONTROL_SHARE_MAX or b"\0" in head.partition(b"\n")[0]:
        raise Invalid("the file is not text")
    if b"\r" in head and b"\n" not in head:
        raise Invalid("the lines of the file end with CR alone: save it with LF or CRLF")
    return head


def _looks_like_objects(head: bytes, name: str) -> bool:
    if name.lower().endswith((".jsonl", ".ndjson")):
        return True
    return head.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"{")


def _header(lines: Lines, delimiter: str) -> tuple[str, ...]:
    lines.start_record()
    try:
        cells = next(filter(None, cells_of(lines, delimiter)), [])
    except (csv.Error, UnclosedQuote) as error:
        raise Invalid("the header of the file has a quote that is never closed") from error
    if lines.flaw is not None:
        message = lines.flaw[1].replace("the row", "it")
        raise Invalid("the header cannot be read", fields=(FieldError("header", message),))
    return tuple(cell.strip() for cell in cells)

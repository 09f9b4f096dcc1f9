"""Reads multipart/form-data with one file in it, piece by piece, into a file without a name."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.types import Receive

from onefold.model.errors import FieldError, Invalid, TooLarge
from onefold.web.bodies import ClientGone
from onefold.web.limits import (
    UPLOAD_BYTES_MAX,
    UPLOAD_FIELD_BYTES_MAX,
    UPLOAD_MEMORY_BYTES,
    UPLOAD_PARTS_MAX,
)

FORM = b"multipart/form-data"
FILE = "file"
BODY_BYTES_MAX = UPLOAD_BYTES_MAX + UPLOAD_PARTS_MAX * (UPLOAD_FIELD_BYTES_MAX + 5_000)
"""The file, the other fields, and the headers of each."""

BOUNDARY_BYTES_MAX = 70
"""RFC 2046, 5.1.1."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file at its beginning, the name that its sender gave it, and the fields beside it."""

    file: IO[bytes]
    name: str
    fields: Mapping[str, str]


@asynccontextmanager
async def receive_upload(receive: Receive, headers: Mapping[bytes, bytes]) -> AsyncIterator[Upload]:
    """The upload of a request, gone at the end of the block.

    Raises Invalid naming the part that is wrong, TooLarge as soon as it is, ClientGone when the
    client hangs up in the middle.
    """
    boundary = _boundary(headers.get(b"content-type", b""))
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > BODY_BYTES_MAX:
        raise _too_large()
    with SpooledTemporaryFile(UPLOAD_MEMORY_BYTES) as file:
        form = _Form(file, boundary)
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            body, more = message.get("body", b""), message.get("more_body", False)
            size += len(body)
            if size > BODY_BYTES_MAX:
                raise _too_large()
            form.take(body)
        yield form.upload()


def _boundary(content_type: bytes) -> bytes:
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != FORM or not 0 < len(boundary) <= BOUNDARY_BYTES_MAX:
        found = FieldError("Content-Type", "must be multipart/form-data with a boundary")
        raise Invalid("the body is no form", fields=(found,))
    return boundary


def _too_large() -> TooLarge:
    found = FieldError(f"/{FILE}", f"is larger than {UPLOAD_BYTES_MAX} bytes")
    return TooLarge(f"the file is larger than {UPLOAD_BYTES_MAX} bytes", fields=(found,))


def _wrong(part: str, message: str) -> Invalid:
    return Invalid("the form is not valid", fields=(FieldError(f"/{part}", message),))


class _Form:
    """The parts of a form as they come; only `file` may be large."""

    def __init__(self, file: IO[bytes], boundary: bytes) -> None:
        self._file = file
        self._file_name: str | None = None
        self._file_bytes = 0
        self._values: dict[str, bytearray] = {}
        self._parts = 0
        self._part = ""
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin_part,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._name_part,
                "on_part_data": self._take_data,
                "on_end": self._end,
            },
        )

    def take(self, body: bytes) -> None:
        try:
            self._parser.write(body)
        except FormParserError as error:
            raise Invalid("the body is no form: its parts cannot be told apart") from error

    def upload(self) -> Upload:
        if not self._ended:
            raise Invalid("the body is no whole form: its end is missing")
        if self._file_name is None:
            raise _wrong(FILE, "is required")
        self._file.seek(0)
        return Upload(
            self._file,
            self._file_name,
            {name: _text(name, bytes(value)) for name, value in self._values.items()},
        )

    def _begin_part(self) -> None:
        self._parts += 1
        self._disposition = b""
        if self._parts > UPLOAD_PARTS_MAX:
            raise Invalid(f"the form has more than {UPLOAD_PARTS_MAX} parts")

    def _end_header(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = bytes(value)
        self._header = (bytearray(), bytearray())

    def _name_part(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if not name:
            raise Invalid("a part of the form has no name")
        has_file = b"filename" in options
        if name in self._values or (name == FILE and self._file_name is not None):
            raise _wrong(name, "is given twice")
        if has_file != (name == FILE):
            raise _wrong(name, "must be a file" if name == FILE else "must not be a file")
        self._part = name
        if has_file:
            self._file_name = _text(FILE, options[b"filename"])
        else:
            self._values[name] = bytearray()

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        if self._part == FILE:
            self._file_bytes += end - start
            if self._file_bytes > UPLOAD_BYTES_MAX:
                raise _too_large()
            self._file.write(data[start:end])
            return
        value = self._values[self._part]
        value.extend(data[start:end])
        if len(value) > UPLOAD_FIELD_BYTES_MAX:
            raise _wrong(self._part, f"is longer than {UPLOAD_FIELD_BYTES_MAX} bytes")

    def _end(self) -> None:
        self._ended = True


def _text(part: str, value: bytes) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _wrong(part, "is not valid UTF-8") from error
    if "\0" in text:
        raise _wrong(part, "holds a NUL character, which no text may")
    return text

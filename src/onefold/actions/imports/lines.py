"""The lines of a file as bytes: counted, bounded, and given back when a record was misread."""

from collections import deque
from typing import IO

from onefold.model.imports.verdicts import ProblemKind
from onefold.model.uploads import RECORD_LINES_MAX

LINE_BYTES_MAX = 1_048_576
"""A longer line is passed over, so that no file can fill the memory."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Flaw = tuple[ProblemKind, str]
"""What is wrong with the bytes of a record."""


_TOO_LONG = b"...\n"
"""Stands for a line that was passed over, told by identity."""

_TOO_LONG_REASON = f"the line is longer than {LINE_BYTES_MAX:,} bytes"


class UnclosedQuote(Exception):
    """A record went on for so long that its quote cannot be meant."""


class Lines:
    """Iterates over the text of one record after another; `position` is where the next begins.

    `flaw` is the first thing wrong with the lines of the present record.
    """

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._taken: list[tuple[bytes, int]] = []
        self._given_back: deque[tuple[bytes, int]] = deque()
        self.position = 0
        self.flaw: Flaw | None = None

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        if len(self._taken) >= RECORD_LINES_MAX:
            raise UnclosedQuote
        raw = self.next_bytes()
        if not raw:
            raise StopIteration
        return self._text(raw)

    def start_record(self) -> None:
        self._taken.clear()
        self.flaw = None

    def keep_first(self) -> None:
        """Gives back every line of the record but the first: they are read again."""
        for line in reversed(self._taken[1:]):
            self.position -= line[1]
            self._given_back.appendleft(line)
        del self._taken[1:]

    def seek(self, position: int) -> None:
        """Goes on where a record begins."""
        self._file.seek(position)
        self._given_back.clear()
        self.position = position

    def next_bytes(self) -> bytes:
        """The next line, empty at the end of the file; an over-long one is only told of."""
        raw, length = self._given_back.popleft() if self._given_back else self._read()
        self.position += length
        self._taken.append((raw, length))
        if raw is _TOO_LONG:
            self.flaw = self.flaw or (ProblemKind.TOO_LONG, _TOO_LONG_REASON)
        return raw

    def _read(self) -> tuple[bytes, int]:
        raw = self._file.readline(LINE_BYTES_MAX)
        length = len(raw)
        if length == LINE_BYTES_MAX and not raw.endswith(b"\n"):
            return _TOO_LONG, length + self._pass_over()
        if self.position == 0:
            raw = raw.removeprefix(BYTE_ORDER_MARK)
        return raw, length

    def _pass_over(self) -> int:
        """How many bytes were left of an over-long line."""
        length = 0
        while rest := self._file.readline(LINE_BYTES_MAX):
            length += len(rest)
            if rest.endswith(b"\n"):
                break
        return length

    def _text(self, raw: bytes) -> str:
        if b"\0" in raw:
            self.flaw = self.flaw or (ProblemKind.ENCODING, "the row holds a NUL byte")
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError:
            self.flaw = self.flaw or (
                ProblemKind.ENCODING,
                f"the row is not valid {self._encoding}",
            )
            return raw.decode(self._encoding, "replace")

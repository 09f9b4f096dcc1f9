"""One line of JSON for each request, cheap enough to be always on; no personal data in it.

Paths and bodies hold names and addresses, so a line names the operation instead. Lines are
written a few times a second, all at once; a fault is written by the structured log at once.
"""

import asyncio
import sys
from contextlib import suppress
from datetime import datetime
from typing import TextIO

FLUSH_SECONDS = 0.25
WAITING_LINES_MAX = 1000


class RequestLog:
    """Gathers lines and writes them to a stream (standard error when not told otherwise)."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._lines: list[str] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(
        self, *, at: datetime, request_id: str, operation: str, status: int, seconds: float
    ) -> None:
        self._lines.append(
            f'{{"timestamp":"{at.isoformat()}","level":"info","event":"request",'
            f'"request_id":"{request_id}","operation":"{operation}","status":{status},'
            f'"ms":{seconds * 1000:.2f}}}\n'
        )
        if len(self._lines) >= WAITING_LINES_MAX:
            self.flush()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Writes what has gathered; called once more when the server stops."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lines, self._lines = self._lines, []
        if lines:
            with suppress(OSError):  # whoever reads the log has gone; answering goes on
                self._stream.write("".join(lines))
                self._stream.flush()

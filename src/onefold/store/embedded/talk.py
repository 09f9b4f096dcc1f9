"""What a process and the keeper say to each other: one word up, one line of JSON down."""

import json
import socket
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from onefold.store.embedded.sockets import is_usable, keeper_socket

LINE_BYTES_MAX = 65_536

GREETING = "kept"
"""Printed by a new keeper when callers will be heard: by it, or by the one that was there first."""

Answer = dict[str, object]


class Word(StrEnum):
    LEASE = "lease"
    """I use the server; tell me when it is ready."""
    RELEASE = "release"
    """I no longer do; hang up when the server has stopped or others still use it."""
    STATUS = "status"
    """How is it?"""


class State(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    REFUSED = "refused"


class Line:
    """A process's connection to the keeper. Either end sees at once when the other dies."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link

    @classmethod
    def open(cls, sockets: Path) -> "Line | None":
        """None when no keeper listens; raises PermissionError when it is somebody else's."""
        if not is_usable(sockets):
            return None
        link = socket.socket(socket.AF_UNIX)
        try:
            link.connect(str(keeper_socket(sockets)))
        except (FileNotFoundError, ConnectionError, BlockingIOError):
            link.close()
            return None
        except OSError:
            link.close()
            raise
        return cls(link)

    def ask(self, word: Word, *, seconds_max: float | None = None) -> Answer | None:
        """Say a word and wait for the answer; None when the keeper hung up instead.

        Raises TimeoutError when the keeper stays silent longer than `seconds_max`.
        """
        self._link.settimeout(seconds_max)
        try:
            self._link.sendall(f"{word}\n".encode())
            line = self._read_line()
        except ConnectionError:
            return None
        return decode(line) if line else None

    def hang_up(self) -> None:
        """End the connection, also for a forked child that still has it open."""
        with suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)
        self._link.close()

    def close(self) -> None:
        """Close this end only."""
        self._link.close()

    def _read_line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n") and len(line) < LINE_BYTES_MAX:
            part = self._link.recv(LINE_BYTES_MAX)
            if not part:
                return b""
            line += part
        return line


def encode(answer: Answer) -> bytes:
    return json.dumps(answer).encode() + b"\n"


def decode(line: bytes) -> Answer:
    answer = json.loads(line)
    return answer if isinstance(answer, dict) else {}

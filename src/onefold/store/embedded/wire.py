"""As much of PostgreSQL's protocol as it takes to ask whether a server is ready.

No client library is needed before the event loop exists, and none in the keeper.
https://www.postgresql.org/docs/18/protocol-message-formats.html
"""

import socket
import struct
from enum import Enum
from pathlib import Path
from typing import Final

SUPERUSER = "onefold"
DATABASE = "onefold"
PORT = 5432
"""Only the name of the socket file: nothing listens on TCP."""

ANSWER_SECONDS_MAX = 5.0
MESSAGE_BYTES_MAX = 1_000_000
_PROTOCOL_3: Final = 196608
_NO_SUCH_DATABASE = "3D000"
_EXISTS_ALREADY = "42P04"
# Shutting down, starting up or recovering: the server speaks but takes no sessions.
_NOT_NOW = frozenset({"57P01", "57P02", "57P03"})


class Readiness(Enum):
    READY = "ready"
    NOT_YET = "not yet"
    NO_DATABASE = "no database"


def server_socket(sockets: Path) -> Path:
    return sockets / f".s.PGSQL.{PORT}"


def ask_readiness(sockets: Path, database: str = DATABASE) -> Readiness:
    """Open a session as a client would; only an answer counts, an open socket does not."""
    try:
        with _connect(sockets) as link:
            link.sendall(_startup(database))
            refusal = _wait_until_idle(link)
    except (OSError, EOFError):
        return Readiness.NOT_YET
    if refusal in _NOT_NOW:
        return Readiness.NOT_YET
    # Any other refusal (too many sessions, a password that an admin asks for) is a live server's.
    return Readiness.NO_DATABASE if refusal == _NO_SUCH_DATABASE else Readiness.READY


def create_database(sockets: Path) -> bool:
    """Create our database; False when it was not possible just now."""
    statement = f'CREATE DATABASE "{DATABASE}"'.encode() + b"\0"
    try:
        with _connect(sockets) as link:
            link.settimeout(None)  # copying the template waits for the disk
            link.sendall(_startup("postgres"))
            if _wait_until_idle(link) is not None:
                return False
            link.sendall(b"Q" + struct.pack("!i", len(statement) + 4) + statement)
            return _wait_until_idle(link) in {None, _EXISTS_ALREADY}
    except (OSError, EOFError):
        return False


def _connect(sockets: Path) -> socket.socket:
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(ANSWER_SECONDS_MAX)
    try:
        link.connect(str(server_socket(sockets)))
    except OSError:
        link.close()
        raise
    return link


def _startup(database: str) -> bytes:
    words = ["user", SUPERUSER, "database", database, "application_name", "onefold keeper"]
    body = struct.pack("!i", _PROTOCOL_3) + "\0".join([*words, "", ""]).encode()
    return struct.pack("!i", len(body) + 4) + body


def _wait_until_idle(link: socket.socket) -> str | None:
    """Read on until the server waits for us; the SQLSTATE when it refuses instead."""
    while True:
        kind, body = _read_message(link)
        if kind == b"E":
            return _sqlstate(body)
        # A request for a password (R, not zero) is as far as we get, and proof of life.
        if kind == b"Z" or (kind == b"R" and body != b"\0\0\0\0"):
            return None


def _read_message(link: socket.socket) -> tuple[bytes, bytes]:
    head = _read_exactly(link, 5)
    length: int = struct.unpack("!i", head[1:])[0]
    size = length - 4  # the length counts itself
    if not 0 <= size <= MESSAGE_BYTES_MAX:
        raise EOFError("this is not PostgreSQL")
    return head[:1], _read_exactly(link, size)


def _read_exactly(link: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        part = link.recv(size - len(parts))
        if not part:
            raise EOFError("the server closed the connection")
        parts += part
    return parts


def _sqlstate(body: bytes) -> str:
    for field in body.split(b"\0"):
        if field[:1] == b"C":
            return field[1:].decode("ascii", "replace")
    return ""

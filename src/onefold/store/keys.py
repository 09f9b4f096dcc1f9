"""The key that seals fields: its file, and the sign in the database that knows it again.

A database says with a sealed text of its own under which key its fields are sealed. So a lost or
exchanged key file is told at start, before anything is sealed under a second key.
"""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

import asyncpg
from cryptography.exceptions import InvalidTag

from onefold.store.queries import queries
from onefold.store.sealing import KEY_BYTES, Sealer, new_key

_SQL = queries("keys")
SIGN = "sealing key"
_SEALED_TEXT = "onefold"


class KeyUnusable(Exception):
    """The key file is missing, holds no key or another one; the message says what to do."""


async def open_sealer(dsn: str, path: Path, *, at: datetime) -> Sealer:
    """The sealer with the key of this file, which is made when the database has seen none yet.

    Raises KeyUnusable when the database was sealed under another key.
    """
    connection = await asyncpg.connect(dsn)
    try:
        sign = await connection.fetchval(_SQL["find_fact"], SIGN)
        if sign is None:
            sealer = Sealer(_read_or_make(path))
            await connection.execute(_SQL["note_fact"], SIGN, sealer.seal(_SEALED_TEXT), at)
            sign = await connection.fetchval(_SQL["find_fact"], SIGN)
        else:
            sealer = Sealer(read_key(path))
    finally:
        await connection.close()
    _check(sealer, sign, path)
    return sealer


def read_key(path: Path) -> bytes:
    """The key in a file; raises KeyUnusable when there is none."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError as error:
        message = (
            f"the key file {path} is missing, and this database has fields sealed under its key: "
            "put the file back from your backup, or name it with --key-file"
        )
        raise KeyUnusable(message) from error
    except OSError as error:
        raise KeyUnusable(f"the key file cannot be read: {error}") from error
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnusable(f"{path} is no key file: it must hold {2 * KEY_BYTES} hexadecimal digits")
    return key


def _read_or_make(path: Path) -> bytes:
    if not path.exists():
        try:
            _make(path)
        except OSError as error:
            raise KeyUnusable(f"the key file cannot be made: {error}") from error
    return read_key(path)


def _make(path: Path) -> None:
    """Whole and on disk before it has its name, so that nobody ever reads half a key.

    A link, unlike a rename, leaves the file of another process that was faster.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = mkstemp(prefix=f"{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(new_key().hex() + "\n")
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
    finally:
        os.unlink(fresh)  # noqa: PTH108 - mkstemp gives a name, not a path
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check(sealer: Sealer, sign: str, path: Path) -> None:
    try:
        known = sealer.open(sign) == _SEALED_TEXT
    except (InvalidTag, ValueError):
        known = False
    if not known:
        raise KeyUnusable(
            f"the key in {path} is not the one under which this database was sealed: "
            "put the right file back, or name it with --key-file"
        )

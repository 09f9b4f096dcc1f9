"""Where the sockets are: in the data directory, unless its path is too long for a socket."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from onefold.store.embedded.home import PRIVATE_FOLDER, Home, give_to_owner
from onefold.store.embedded.wire import server_socket

# 108 bytes on Linux, 104 on macOS, one of them for the end of the text.
PATH_BYTES_MAX = 103
SHORT_PLACE = Path("/tmp")  # noqa: S108 - the folder made in it is private and has a random name
CALLERS_QUEUED_MAX = 128


def find_sockets(home: Home) -> Path:
    """The folder of the sockets, as the keeper has noted it."""
    try:
        return Path(home.socket_note.read_text("utf-8").strip())
    except FileNotFoundError:
        return home.sockets


def keeper_socket(sockets: Path) -> Path:
    return sockets / "keeper"


def open_sockets(home: Home, owner: tuple[int, int]) -> tuple[Path, socket.socket]:
    """Make the folder, note where it is, and listen in it for callers of the keeper."""
    refusal: OSError | None = None
    for place in _places(home, owner):
        try:
            listener = _listen(home, keeper_socket(place))
        except OSError as error:  # some file systems have no sockets
            refusal = error
            continue
        _note(home, place)
        return place, listener
    raise refusal or OSError("there is no place for a socket")


def remove_sockets(home: Home, sockets: Path, *, for_good: bool) -> None:
    """Leave nothing outside the data directory, unless somebody still knows the place."""
    keeper_socket(sockets).unlink(missing_ok=True)
    if for_good and sockets != home.sockets:
        home.socket_note.unlink(missing_ok=True)
        with suppress(OSError):
            sockets.rmdir()


def keep_fresh(sockets: Path) -> None:
    """Touch what cleaners of temporary folders would take for forgotten."""
    with suppress(OSError):
        os.utime(keeper_socket(sockets))
        os.utime(sockets)


def _places(home: Home, owner: tuple[int, int]) -> Iterator[Path]:
    if is_usable(home.sockets):
        yield _own_folder(home.sockets, owner)
    noted = find_sockets(home)
    if noted != home.sockets and _is_private(noted, owner):
        yield noted
    yield _own_folder(SHORT_PLACE / f"onefold-{os.urandom(8).hex()}", owner)


def is_usable(sockets: Path) -> bool:
    """Short enough, and no comma: lists of hosts and of folders are separated by it."""
    path = os.fsencode(server_socket(sockets))
    return len(path) <= PATH_BYTES_MAX and b"," not in path


def _own_folder(folder: Path, owner: tuple[int, int]) -> Path:
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, *owner)
    folder.chmod(PRIVATE_FOLDER)
    return folder


def _is_private(folder: Path, owner: tuple[int, int]) -> bool:
    """Still the folder that we made: anybody may put another in its place once it is gone."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return found.st_uid == owner[0] and found.st_mode == 0o040_000 | PRIVATE_FOLDER


def _listen(home: Home, path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        listener.listen(CALLERS_QUEUED_MAX)
    except OSError:
        listener.close()
        raise
    give_to_owner(home, path)
    listener.setblocking(False)
    return listener


def _note(home: Home, place: Path) -> None:
    if place == home.sockets:
        home.socket_note.unlink(missing_ok=True)
        return
    fresh = home.socket_note.with_name(home.socket_note.name + ".fresh")
    fresh.write_text(str(place), "utf-8")
    give_to_owner(home, fresh)
    fresh.replace(home.socket_note)

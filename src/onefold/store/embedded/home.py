"""The files that an embedded server keeps in its data directory, and who may read them."""

import os
from dataclasses import dataclass
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Home:
    """A data directory. Only `own_settings` is meant to be written by people."""

    root: Path

    @property
    def cluster(self) -> Path:
        """What PostgreSQL calls its data directory."""
        return self.root / "cluster"

    @property
    def unfinished_cluster(self) -> Path:
        """Where initdb works; renamed to `cluster` when whole, so a kill leaves no half of one."""
        return self.root / "cluster.unfinished"

    @property
    def own_settings(self) -> Path:
        return self.root / "onefold.conf"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def earlier_log(self) -> Path:
        return self.root / "server.log.1"

    @property
    def sockets(self) -> Path:
        """Where the sockets are, unless the path is too long: see `socket_note`."""
        return self.root / "sockets"

    @property
    def socket_note(self) -> Path:
        """Says where the sockets are when they cannot be in `sockets`."""
        return self.root / "sockets.elsewhere"

    @property
    def lease_lock(self) -> Path:
        """Shared by every process that uses the server; the kernel knows when the last is gone."""
        return self.root / "leases.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the one keeper of this directory as long as it lives."""
        return self.root / "keeper.lock"

    @property
    def server_lock(self) -> Path:
        """Held by every process of the server itself, so it is free only when all are gone."""
        return self.root / "server.lock"

    @property
    def owner_id(self) -> int:
        return self.root.stat().st_uid


def home_in(data_dir: Path) -> Home:
    # Not resolved: a link that the user made keeps its (perhaps shorter) name.
    return Home(Path(os.path.abspath(data_dir)))  # noqa: PTH100 - Path.absolute keeps ".."


def open_private(home: Home, path: Path, flags: int) -> int:
    """Open or create a file that only the owner of the data directory may use.

    Root leaves nothing behind that would lock the owner out of their own directory.
    """
    descriptor = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    give_to_owner(home, path)
    return descriptor


def give_to_owner(home: Home, path: Path) -> None:
    owner = home.root.stat()
    if os.geteuid() == 0 and path.lstat().st_uid != owner.st_uid:
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)

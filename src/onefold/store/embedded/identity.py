"""Who PostgreSQL runs as: it refuses root, so root hands it to a user with nothing else to do.

The server asks nobody for a password (`trust`). It need not: only this user and root can enter the
folders of the data and of the socket (mode 0700), and who can reach the socket could read the
files as well. For the same reason the user is one whom nothing else on the machine runs as,
rather than `nobody`.
"""

import os
import pwd
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from onefold.store.embedded import linux
from onefold.store.embedded.home import PRIVATE_FOLDER, Home

# Handed out by nobody, and below 65536, so that they exist in a rootless container too: "unused" at
# https://systemd.io/UIDS-GIDS/, "reserved" in section 9.2 of the Debian policy.
OWN_UIDS = range(65_520, 65_534)


@dataclass(frozen=True, slots=True)
class Identity:
    """A user, and what it takes to become it in a child that is about to exec."""

    uid: int
    gid: int
    drops_root: bool = False
    capability: int | None = None
    namespace: bool = False

    @property
    def owner(self) -> tuple[int, int]:
        """User and group that own its files, seen from outside a namespace."""
        return (os.geteuid(), os.getegid()) if self.namespace else (self.uid, self.gid)

    def enter(self) -> None:
        if self.namespace:
            linux.enter_namespace(self.uid, self.gid)
        elif self.drops_root:
            linux.become_user(self.uid, self.gid, self.capability)

    def named(self) -> "Identity":
        """The same powers under a user whom the system knows by name: initdb insists on one."""
        if not self.drops_root or _is_known(self.uid):
            return self
        return replace(self, uid=_named_user().pw_uid)

    def __str__(self) -> str:
        if self.namespace:
            return "root in a user namespace"
        extra = "" if self.capability is None else f" with capability {self.capability}"
        return f"user {self.uid}{extra}"


def candidates(owner_of_data: tuple[int, int]) -> Iterator[Identity]:
    """Who to try, least power first. The first that can reach data and programs is taken.

    Without any capability where the path is open; with one where a folder above is closed, as
    /root is; in a user namespace where root may not become anybody else (a sandbox).
    """
    if os.geteuid() != 0:
        yield Identity(os.geteuid(), os.getegid())
        return
    user = Identity(*own_user(owner_of_data), drops_root=True)
    yield user
    if linux.is_linux():
        yield replace(user, capability=linux.READ_ANY_FILE)
        yield replace(user, capability=linux.USE_ANY_FILE)
        known = _named_user()
        yield Identity(known.pw_uid, known.pw_gid, namespace=True)


def make_private(home: Home) -> None:
    """Make the data directory, if there is none, so that only its owner can list it.

    Root lets the server's user, and nobody else, pass through: without that it would need a
    capability. A directory that exists stays as it is.
    """
    if home.root.is_dir():
        return
    home.root.parent.mkdir(parents=True, exist_ok=True)
    home.root.mkdir(mode=PRIVATE_FOLDER)
    if os.geteuid() == 0:
        with suppress(OSError):  # a sandbox may have no other user to let through
            os.chown(home.root, 0, own_user()[1])
            home.root.chmod(PRIVATE_FOLDER | 0o010)


def own_user(owner_of_data: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """The user whose data it is already, else one of our own."""
    if owner_of_data[0] != 0:
        return owner_of_data
    uid = next(uid for uid in OWN_UIDS if not _is_known(uid))
    return uid, uid


def _named_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        return next(user for user in pwd.getpwall() if user.pw_uid != 0)


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True

"""What only Linux can do: die with the parent, keep one capability, be a user of one's own.

Everything here is for a child between fork and exec. Elsewhere the calls do nothing or refuse.
"""

import ctypes
import os
import struct
import sys
from pathlib import Path
from typing import Final

READ_ANY_FILE: Final = 2
"""CAP_DAC_READ_SEARCH: pass through any folder, read any file."""

USE_ANY_FILE: Final = 1
"""CAP_DAC_OVERRIDE: the same and writing; containers grant it where they do not the other."""

_SET_DEATH_SIGNAL: Final = 1
_SET_SECURE_BITS: Final = 28
_AMBIENT: Final = 47
_AMBIENT_RAISE: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522
_NEW_USER_NAMESPACE: Final = 0x10000000

# KEEP_CAPS lets the capability survive setuid. NO_SETUID_FIXUP is for access(2), which otherwise
# answers for a process without capabilities: PostgreSQL looks for its own programs with it.
_SECURE_BITS: Final = (1 << 4) | (1 << 2)


def is_linux() -> bool:
    return sys.platform == "linux"


def die_with_parent(death_signal: int, parent: int) -> None:
    """Have the kernel send a signal when the parent dies, be it by kill -9."""
    if not is_linux():
        return
    _call("prctl", _SET_DEATH_SIGNAL, death_signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask
        raise OSError("the parent has died")


def become_user(uid: int, gid: int, capability: int | None) -> None:
    """Stop being root for good, keeping at most one capability across the coming exec."""
    if capability is not None:
        _call("prctl", _SET_SECURE_BITS, _SECURE_BITS, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability is not None:
        _keep_only(capability)


def enter_namespace(uid: int, gid: int) -> None:
    """Be called `uid` in a namespace of our own, while outside we stay who we are."""
    maps = {
        "setgroups": "deny",  # else the kernel refuses the next two
        "uid_map": f"{uid} {os.geteuid()} 1",
        "gid_map": f"{gid} {os.getegid()} 1",
    }
    _call("unshare", _NEW_USER_NAMESPACE)
    for name, text in maps.items():
        Path("/proc/self", name).write_text(text, "ascii")


def _keep_only(capability: int) -> None:
    mask = 1 << capability
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    # effective, permitted, inheritable: capabilities 0 to 31, then those above
    _call("capset", header, struct.pack("6I", mask, mask, mask, 0, 0, 0))
    _call("prctl", _AMBIENT, _AMBIENT_RAISE, capability, 0, 0)


def _call(name: str, *arguments: int | bytes) -> None:
    if not is_linux():
        raise OSError(f"{name} is a call of Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")

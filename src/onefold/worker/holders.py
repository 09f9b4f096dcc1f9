"""Who this process is to others, and whether another such process is still there."""

import os
import socket
from pathlib import Path

_SEPARATOR = "/"
_PARTS = 5
"""Three of the place, the process and its start; a name of another form is nobody's we can tell."""

_START_FIELD = 19
"""The start of a process among the fields of /proc/PID/stat behind its name."""


def holder_name() -> str:
    """Machine, its present run, process and its start: never the same for two processes."""
    pid = os.getpid()
    return _SEPARATOR.join((*_place(), str(pid), _start(pid) or ""))


def is_gone(holder: str) -> bool:
    """Whether a process of this very machine is no more; False for all that cannot be told."""
    *place, pid, start = ("", "", *holder.split(_SEPARATOR))[-_PARTS:]
    if tuple(place) != _place() or not start or not pid.isdigit():
        return False
    return _start(int(pid)) != start


def _place() -> tuple[str, str, str]:
    """A machine since it was started; a container has processes of its own."""
    boot = _read(Path("/proc/sys/kernel/random/boot_id"))
    try:
        processes = Path("/proc/self/ns/pid").readlink().name
    except OSError:
        processes = ""
    return (socket.gethostname().replace(_SEPARATOR, "-"), boot, processes)


def _start(pid: int) -> str | None:
    """When a process was started, in ticks; None when it is not there."""
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return fields[_START_FIELD] if len(fields) > _START_FIELD else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""

"""Processor time and memory of processes; known on Linux only."""

import os
from pathlib import Path

_PARENT, _USER, _SYSTEM, _USER_ENDED, _SYSTEM_ENDED = 1, 11, 12, 13, 14
"""Places in /proc/PID/stat, counted after the name."""


def cpu_seconds_of(pid: int) -> float | None:
    """Of the process and everything under it, ended children included."""
    if not Path("/proc/self/stat").exists():
        return None
    ended = sum(_numbers_of(pid)[_USER_ENDED : _SYSTEM_ENDED + 1])
    alive = sum(sum(_numbers_of(one)[_USER : _SYSTEM + 1]) for one in _family_of(pid))
    return (alive + ended) / os.sysconf("SC_CLK_TCK")


def peak_memory_of(pid: int) -> int:
    """The most bytes of memory that the process held at once; 0 when it is gone.

    The system's own account at the end of a child cannot be used: it begins with what the parent
    held when it started the child.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 if found else 0


def parent_of(pid: int) -> int:
    """0 for a process that is not here."""
    return _numbers_of(pid)[_PARENT]


def _family_of(pid: int) -> list[int]:
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        below = []
    return [pid, *(one for child in below for one in _family_of(int(child)))]


def _numbers_of(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return [0] * (_SYSTEM_ENDED + 1)
    state, *numbers = text.rpartition(")")[2].split()
    return [ord(state), *(int(number) for number in numbers)]

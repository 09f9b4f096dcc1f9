"""File locks that the kernel drops when their holder dies, however it dies."""

import fcntl


def share(descriptor: int) -> None:
    """Take a shared lock; waits only while somebody holds it exclusively."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def try_exclusive(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(descriptor: int) -> None:
    """Give the lock up even where a forked child still has the same file open."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)

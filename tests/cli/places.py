"""Folders for servers of tests: in memory where there is room, with names short enough."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

MEMORY = Path("/dev/shm")  # noqa: S108 - what is made in it has a random name
ROOM_BYTES_MIN = 4_000_000_000


@contextmanager
def quick_folder(purpose: str) -> Iterator[Path]:
    """Gone after the block. What a SIGKILL leaves in memory is what it leaves on a disk."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES_MIN
    with TemporaryDirectory(prefix=f"onefold-{purpose}-", dir=MEMORY if roomy else None) as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder

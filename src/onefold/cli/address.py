"""Where `serve` can be reached: noted in the data directory, for the commands beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onefold.settings import Settings

FILE_NAME = "address"


def address_of(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def note_address(settings: Settings) -> Iterator[None]:
    """Keeps the note while the server runs; one that was killed leaves it to the next."""
    if settings.data_dir is None:
        yield
        return
    note = settings.data_dir / FILE_NAME
    address = address_of(settings.host, settings.port)
    note.write_text(address + "\n", encoding="utf-8")
    try:
        yield
    finally:
        if _read(note) == address:  # else another server of this directory has come since
            note.unlink(missing_ok=True)


def noted_address(settings: Settings) -> str | None:
    """Where a server of this data directory listens, or did when it was killed."""
    return _read(settings.data_dir / FILE_NAME) if settings.data_dir is not None else None


def _read(note: Path) -> str | None:
    try:
        return note.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None

"""Settings: read once, frozen, handed down; nothing else looks at the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

KEY_FILE = "sealing.key"
FIGURES_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
WORK = "ONEFOLD_WORK"
SUPERVISOR = "ONEFOLD_SUPERVISOR"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data is and how the server listens.

    Exactly one of `data_dir` (embedded PostgreSQL) and `database_url` is set. `key_file` holds
    the key that seals fields; it is made when missing and belongs into your backup, apart from
    the database.
    """

    data_dir: Path | None
    database_url: str | None
    key_file: Path
    bin_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    log_format: str = "json"
    figures_folder: Path | None = None
    """Where worker processes keep their figures together; the library reads the variable too."""
    work: bool = True
    """Whether the server runs jobs and schedules beside answering."""
    supervisor: int | None = None
    """The process that started this worker process, with which it ends."""


def settings_from(
    *,
    data_dir: Path | None = None,
    database_url: str | None = None,
    key_file: Path | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
) -> Settings:
    """Settings from the command line, completed from ONEFOLD_* variables.

    Raises ValueError when neither or both of a data directory and a database are named.
    """
    data = data_dir or _path("ONEFOLD_DATA")
    url = database_url or os.environ.get("ONEFOLD_DATABASE") or None
    if data_dir is not None:
        url = database_url
    elif database_url is not None:
        data = None
    if (data is None) == (url is None):
        raise ValueError("name one of --data DIR and --database URL")
    key = key_file or _path("ONEFOLD_KEY_FILE") or (data or Path()) / KEY_FILE
    return Settings(
        data_dir=data,
        database_url=url,
        key_file=key,
        bin_dir=_path("ONEFOLD_POSTGRES_BIN"),
        host=host,
        port=port,
        workers=workers,
        log_format=os.environ.get("ONEFOLD_LOG_FORMAT", "json"),
        figures_folder=_path(FIGURES_FOLDER),
        work=os.environ.get(WORK, "yes") != "no",
        supervisor=int(os.environ.get(SUPERVISOR, "0")) or None,
    )


def _path(variable: str) -> Path | None:
    text = os.environ.get(variable)
    return Path(text) if text else None

"""The data of the server on disk: made whole or not at all, owned by whom it runs as."""

import locale
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from onefold.store.embedded import tuning
from onefold.store.embedded.binaries import Binaries
from onefold.store.embedded.children import Program
from onefold.store.embedded.errors import ServerUnavailable
from onefold.store.embedded.home import PRIVATE_FILE, PRIVATE_FOLDER, Home
from onefold.store.embedded.wire import SUPERUSER

Runner = Callable[[Program, str], None]
"""Runs a program to its end, or raises ServerUnavailable saying what it was to do."""

# pg_trgm asks the C library, not the builtin provider, which letters are letters: under plain C
# a name like Müller would have no trigrams beyond ASCII.
LETTERS = ("C.UTF-8", "C.utf8", "UTF-8", "en_US.UTF-8")
BUILTIN_LOCALE_MAJOR = 17


def prepare_cluster(home: Home, binaries: Binaries, run: Runner) -> None:
    """Leave a cluster that this server may start on; creates it the first time."""
    if not home.cluster.exists():
        _create(home, binaries, run)
    _check_version(home, binaries)
    if os.geteuid() == 0 and home.cluster.stat().st_uid != binaries.identity.owner[0]:
        _give_away(home.cluster, binaries.identity.owner)
    _write_settings(home, binaries)


def _create(home: Home, binaries: Binaries, run: Runner) -> None:
    """Initialise beside the final place and rename, so that a kill leaves nothing to repair."""
    place = home.unfinished_cluster
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(mode=PRIVATE_FOLDER)
    initialiser = binaries.identity.named()
    if os.geteuid() == 0:
        os.chown(place, *initialiser.owner)
    run(Program(_initdb(binaries, place), initialiser), f"create its files in {place}")
    if os.geteuid() == 0:
        _give_away(place, binaries.identity.owner)
    place.rename(home.cluster)
    _sync_folder(home.root)


def _initdb(binaries: Binaries, place: Path) -> list[str]:
    letters = _locale_of_letters()
    arguments = [
        binaries.initdb,
        f"--pgdata={place}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--data-checksums",
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
    ]
    if binaries.major >= BUILTIN_LOCALE_MAJOR:
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [*arguments, *provider, "--locale=C", f"--lc-ctype={letters}"]
    return [*arguments, "--locale=C", f"--lc-collate={letters}", f"--lc-ctype={letters}"]


def _locale_of_letters() -> str:
    for name in LETTERS:
        try:
            locale.setlocale(locale.LC_CTYPE, name)
        except locale.Error:
            continue
        return name
    return "C"


def _check_version(home: Home, binaries: Binaries) -> None:
    version_file = home.cluster / "PG_VERSION"
    if not version_file.exists():
        raise ServerUnavailable(f"{home.cluster} exists but holds no PostgreSQL data")
    if (made_by := version_file.read_text("ascii").strip()) != str(binaries.major):
        raise ServerUnavailable(
            f"{home.cluster} was made by PostgreSQL {made_by}, the programs in {binaries.folder} "
            f"are {binaries.version}: use programs of version {made_by}, or run pg_upgrade"
        )


def _give_away(folder: Path, owner: tuple[int, int]) -> None:
    """Change the owner of a whole tree; its root last, as the sign that all of it is done."""
    for path, _, files in os.walk(folder, topdown=False):
        for name in files:
            os.chown(Path(path, name), *owner, follow_symlinks=False)
        os.chown(path, *owner)


def _write_settings(home: Home, binaries: Binaries) -> None:
    include = f"include = '{tuning.FILE_NAME}'"
    main = home.cluster / "postgresql.conf"
    if include not in (text := main.read_text("utf-8")):
        _replace(main, f"{text}\n# Last, so that it wins:\n{include}\n", binaries)
    _replace(home.cluster / tuning.FILE_NAME, tuning.settings_text(home), binaries)


def _replace(path: Path, text: str, binaries: Binaries) -> None:
    fresh = path.with_name(path.name + ".fresh")
    fresh.write_text(text, "utf-8")
    fresh.chmod(PRIVATE_FILE)
    if os.geteuid() == 0:
        os.chown(fresh, *binaries.identity.owner)
    fresh.replace(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

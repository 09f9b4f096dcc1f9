"""What can be said about the server of a data directory without starting it."""

from dataclasses import dataclass
from pathlib import Path

from onefold.store.embedded.home import Home, home_in
from onefold.store.embedded.leftovers import noted_postmaster, processes_on
from onefold.store.embedded.sockets import find_sockets
from onefold.store.embedded.talk import Answer, Line, State, Word

ANSWER_SECONDS_MAX = 2.0


@dataclass(frozen=True, slots=True)
class Status:
    state: State
    version: str | None
    """Of the running server, else the major version that made the files; None before the first."""
    server_pid: int | None
    keeper_pid: int | None
    leases: int | None
    """None when there is no keeper to count them."""
    sockets: Path
    log: Path

    @property
    def is_running(self) -> bool:
        return self.server_pid is not None


def status(data_dir: Path) -> Status:
    """Raises PermissionError for a data directory that this user may not enter."""
    home = home_in(data_dir)
    answer = _ask(home)
    server = _number(answer, "server") or _lone_server(home)
    # No keeper but a server: its keeper was killed, so it is on its way out.
    alone = State.STOPPING if server else State.STOPPED
    return Status(
        state=State(str(answer.get("state", alone))),
        version=str(answer["version"]) if "version" in answer else _version_of_files(home),
        server_pid=server,
        keeper_pid=_number(answer, "keeper"),
        leases=_number(answer, "leases"),
        sockets=find_sockets(home),
        log=home.log,
    )


def _ask(home: Home) -> Answer:
    line = Line.open(find_sockets(home))
    if line is None:
        return {}
    try:
        return line.ask(Word.STATUS, seconds_max=ANSWER_SECONDS_MAX) or {}
    except TimeoutError:
        return {"state": State.STARTING}
    finally:
        line.hang_up()


def _lone_server(home: Home) -> int | None:
    pid = noted_postmaster(home)
    return pid if pid and pid in processes_on(home) else None


def _number(answer: Answer, name: str) -> int | None:
    value = answer.get(name)
    return value if isinstance(value, int) else None


def _version_of_files(home: Home) -> str | None:
    try:
        return (home.cluster / "PG_VERSION").read_text("ascii").strip()
    except (FileNotFoundError, PermissionError):
        return None

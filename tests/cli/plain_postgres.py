"""A PostgreSQL such as users bring along: TCP and a password, and nobody of ours looks after it."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from onefold.store.embedded.binaries import find_folder
from tests.cli.serving import free_port

PASSWORD = "open, sesame @ 1/2?"  # noqa: S105 - of a server that lives as long as a test
PASSWORD_IN_URL = "open%2C%20sesame%20%40%201%2F2%3F"  # noqa: S105 - the same
USER = "warehouse"


class PlainPostgres:
    """`folder` is for it alone; root hands the server to somebody else, as root must."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._port = free_port()
        self._log = folder / "postgres.log"
        self._as: dict[str, Any] = {}
        self._programs = find_folder(None)
        self._own()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}:{PASSWORD_IN_URL}@127.0.0.1:{self._port}/{database}"

    def create(self) -> None:
        secret = self._folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            f"--username={USER}",
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        secret.unlink()

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self._port} -c unix_socket_directories="
        self._control("start", f"--options={options}", f"--log={self._log}")

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is a crash: the next start has to recover."""
        self._control("stop", f"--mode={mode}")

    def is_running(self) -> bool:
        return (self._data / "postmaster.pid").exists()

    def _control(self, action: str, *arguments: str) -> None:
        self._run("pg_ctl", action, f"--pgdata={self._data}", "--wait", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        said = self._folder / "programs.log"
        with said.open("ab") as file:  # a file: the server that pg_ctl starts keeps it open
            ended = subprocess.run(
                [str(self._programs / program), *arguments],
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                check=False,
                **self._as,
            )
        assert ended.returncode == 0, said.read_text("utf-8")[-3000:]

    def _own(self) -> None:
        if os.geteuid() != 0:
            return
        nobody = pwd.getpwnam("nobody")
        self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
        if not self._reaches(self._programs):
            installed = self._programs.parent
            copy = Path(shutil.copytree(installed, self._folder / "pginstall", symlinks=True))
            self._programs = copy / "bin"

    def _reaches(self, programs: Path) -> bool:
        """Whether the other user gets at the programs: root's home is closed."""
        try:
            subprocess.run(
                [str(programs / "postgres"), "--version"],
                check=True,
                stdout=subprocess.DEVNULL,
                **self._as,
            )
        except PermissionError:
            return False
        return True

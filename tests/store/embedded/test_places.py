"""Data directories and programs wherever they are, and clear words where they cannot be used."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from onefold.store.embedded import ServerUnavailable, acquire, status
from onefold.store.embedded.binaries import find_folder
from tests.store.embedded.processes import is_stopped
from tests.store.embedded.queries import ask

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def write_settings(data_dir: Path) -> Iterator[Callable[[str], object]]:
    """Writes the user's own settings, which only the user may read."""
    place = data_dir / "onefold.conf"
    place.touch(mode=0o600)
    yield place.write_text
    place.unlink()


class TestPlace:
    async def test_too_long_for_a_socket_gets_a_short_one(self, folder: Path) -> None:
        place = folder / ("deep" * 20) / ("deeper" * 20)

        with acquire(place) as lease, acquire(place) as second:
            assert await ask(lease.dsn(), "SELECT 1") == 1
            assert lease.dsn() == second.dsn()
            short = status(place).sockets
            assert stat.S_IMODE(short.stat().st_mode) == 0o700

        assert is_stopped(place)
        assert not short.exists()

    async def test_with_signs_that_mean_something_elsewhere_works(self, folder: Path) -> None:
        with acquire(folder / "a, b 'c' %20 \"d\" ü?&=#@$") as lease:
            assert await ask(lease.dsn(), "SELECT 1") == 1

    async def test_may_be_relative(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(folder)

        with acquire(Path("here") / ".." / "data") as lease:
            assert lease.data_dir == folder / "data"
            assert await ask(lease.dsn(), "SELECT 1") == 1

    def test_is_closed_to_everybody_else(self, data_dir: Path) -> None:
        with acquire(data_dir):
            for name in ("cluster", "sockets"):
                assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o700
            for name in ("server.log", "leases.lock", "keeper.lock", "server.lock"):
                assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600
            assert stat.S_IMODE(data_dir.stat().st_mode) & 0o007 == 0

    def test_that_cannot_be_made_is_refused_clearly(self, folder: Path) -> None:
        (folder / "file").write_text("not a folder", "utf-8")

        with pytest.raises(ServerUnavailable, match="data directory cannot be made"):
            acquire(folder / "file" / "data")

    def test_with_other_files_for_a_cluster_is_refused_clearly(self, new_data_dir: Path) -> None:
        (new_data_dir / "cluster").mkdir(parents=True)

        with pytest.raises(ServerUnavailable, match="holds no PostgreSQL data"):
            acquire(new_data_dir)

    def test_of_another_version_is_refused_clearly(self, new_data_dir: Path) -> None:
        (new_data_dir / "cluster").mkdir(parents=True)
        (new_data_dir / "cluster" / "PG_VERSION").write_text("16\n", "ascii")

        with pytest.raises(ServerUnavailable, match="made by PostgreSQL 16"):
            acquire(new_data_dir)


class TestPrograms:
    def test_missing_are_refused_clearly(self, new_data_dir: Path, tmp_path: Path) -> None:
        with pytest.raises(ServerUnavailable, match=r"has no postgres and no initdb"):
            acquire(new_data_dir, tmp_path)

    def test_that_are_no_postgresql_are_refused_clearly(
        self, new_data_dir: Path, tmp_path: Path
    ) -> None:
        for name in ("postgres", "initdb"):
            shutil.copy("/bin/echo", tmp_path / name)

        with pytest.raises(ServerUnavailable, match="does not tell its version"):
            acquire(new_data_dir, tmp_path)

    def test_that_are_too_old_are_refused_clearly(self, new_data_dir: Path, tmp_path: Path) -> None:
        for name in ("postgres", "initdb"):
            program = tmp_path / name
            program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n", "utf-8")
            program.chmod(0o755)

        with pytest.raises(ServerUnavailable, match=r"PostgreSQL 14.9; 15 is the oldest"):
            acquire(new_data_dir, tmp_path)

    @pytest.mark.skipif(not DEBIAN_15.exists(), reason="PostgreSQL 15 is not on this machine")
    async def test_of_the_oldest_version_work(self, new_data_dir: Path) -> None:
        with acquire(new_data_dir, DEBIAN_15) as lease:
            assert str(await ask(lease.dsn(), "SHOW server_version")).startswith("15.")
            assert await ask(lease.dsn(), "SELECT upper('müller')") == "MÜLLER"


class TestCluster:
    async def test_keeps_text_as_its_users_write_it(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            assert await ask(lease.dsn(), "SHOW server_encoding") == "UTF8"
            assert await ask(lease.dsn(), "SELECT upper('müller')") == "MÜLLER"
            assert await ask(lease.dsn(), "SELECT 'ÅSA' ILIKE 'åsa'") is True

    async def test_finds_trigrams_in_every_alphabet(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            await ask(lease.dsn(), "CREATE EXTENSION IF NOT EXISTS pg_trgm")

            assert await ask(lease.dsn(), "SELECT similarity('ΜΑΡΊΑ', 'μαρία')") == 1

    async def test_is_safe_by_default(self, data_dir: Path) -> None:
        expected = {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "wal_compression": "pglz",
            "max_connections": "100",
            "log_min_error_statement": "panic",
        }
        with acquire(data_dir) as lease:
            assert {name: await ask(lease.dsn(), f"SHOW {name}") for name in expected} == expected


class TestOwnSettings:
    async def test_win_over_ours(
        self, data_dir: Path, write_settings: Callable[[str], object]
    ) -> None:
        write_settings("work_mem = '11MB'\n")

        with acquire(data_dir) as lease:
            assert await ask(lease.dsn(), "SHOW work_mem") == "11MB"

    async def test_may_be_made_by_alter_system(self, data_dir: Path) -> None:
        with acquire(data_dir) as lease:
            await ask(lease.dsn(), "ALTER SYSTEM SET maintenance_work_mem = '12MB'")

        with acquire(data_dir) as lease:
            assert await ask(lease.dsn(), "SHOW maintenance_work_mem") == "12MB"

    async def test_cannot_open_the_server_to_others(
        self, data_dir: Path, write_settings: Callable[[str], object]
    ) -> None:
        write_settings("listen_addresses='*'\nunix_socket_permissions=0777\n")

        with acquire(data_dir) as lease:
            assert await ask(lease.dsn(), "SHOW listen_addresses") == ""
            assert await ask(lease.dsn(), "SHOW unix_socket_permissions") == "0700"

    def test_that_are_wrong_are_refused_with_the_words_of_the_log(
        self, data_dir: Path, write_settings: Callable[[str], object]
    ) -> None:
        write_settings("no_such_setting = 1\n")

        with pytest.raises(ServerUnavailable, match="no_such_setting"):
            acquire(data_dir)

    def test_once_repaired_are_forgiven_at_once(
        self, data_dir: Path, write_settings: Callable[[str], object]
    ) -> None:
        write_settings("no_such_setting = 1\n")
        with pytest.raises(ServerUnavailable):
            acquire(data_dir)

        write_settings("")

        acquire(data_dir).release()


class TestLog:
    def test_is_bounded(self, data_dir: Path) -> None:
        (data_dir / "server.log").write_bytes(b"x" * 8_000_000)

        acquire(data_dir).release()

        assert (data_dir / "server.log").stat().st_size < 100_000
        assert (data_dir / "server.log.1").stat().st_size == 5_000_000

    async def test_holds_no_values_of_rows(self, data_dir: Path) -> None:
        email = "ada@shop.example"
        with acquire(data_dir) as lease:
            await ask(lease.dsn(), "CREATE TABLE unique_email (email text UNIQUE)")
            for _ in range(2):
                with suppress(asyncpg.UniqueViolationError):
                    await ask(lease.dsn(), f"INSERT INTO unique_email VALUES ('{email}')")

        assert "unique_email_email_key" in (data_dir / "server.log").read_text("utf-8")
        assert email not in (data_dir / "server.log").read_text("utf-8")


def test_the_wheel_is_found_without_running_its_code() -> None:
    assert os.access(find_folder(None) / "postgres", os.X_OK)

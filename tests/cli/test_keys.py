"""The key file: made once, for its owner alone, and never exchanged unnoticed."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onefold.store.keys import KeyUnusable, open_sealer
from tests.builders import NOON
from tests.cli.commands import Commands
from tests.cli.databases import ask, tell, wait_for


@pytest.fixture(autouse=True)
def unused(url: str) -> None:
    """No key has been used on the database yet."""
    tell(url, "DELETE FROM installation")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "sealing.key"


@pytest.fixture
def commands(url: str, key_file: Path) -> Commands:
    return Commands("--database", url, "--key-file", str(key_file))


class TestKeyFile:
    def test_is_made_for_its_owner_alone(self, commands: Commands, key_file: Path) -> None:
        commands.run("doctor")

        assert key_file.stat().st_mode & 0o777 == 0o600
        assert len(bytes.fromhex(key_file.read_text("ascii"))) == 32
        assert [one.name for one in key_file.parent.iterdir()] == ["sealing.key"]

    def test_is_made_so_whatever_the_umask_is(self, commands: Commands, key_file: Path) -> None:
        before = os.umask(0)
        try:
            commands.run("doctor")
        finally:
            os.umask(before)

        assert key_file.stat().st_mode & 0o777 == 0o600

    def test_is_kept(self, commands: Commands, key_file: Path) -> None:
        commands.run("doctor")
        made = key_file.read_bytes()

        commands.run("doctor")

        assert key_file.read_bytes() == made

    def test_is_one_when_many_start_at_once(self, url: str, key_file: Path) -> None:
        def start(_: int) -> str:
            sealer = wait_for(open_sealer(url, key_file, at=NOON))
            return sealer.fingerprint("ada@shop.example")

        with ThreadPoolExecutor(8) as pool:
            seen = set(pool.map(start, range(8)))

        assert len(seen) == 1

    def test_is_not_made_anew_when_it_was_lost(self, commands: Commands, key_file: Path) -> None:
        commands.run("doctor")
        key_file.unlink()

        said = commands.refusal("doctor")

        assert f"the key file {key_file} is missing" in said
        assert "put the file back from your backup" in said
        assert not key_file.exists()

    def test_is_told_from_another_key(self, commands: Commands, key_file: Path) -> None:
        commands.run("doctor")
        right = key_file.read_text("ascii")
        key_file.write_text("00" * 32, "ascii")

        said = commands.refusal("doctor")
        key_file.write_text(right, "ascii")
        again = commands.json("doctor")

        assert "is not the one under which this database was sealed" in said
        assert all(one["ok"] for one in again)

    @pytest.mark.parametrize("text", ["", "secret", "00" * 31, "00" * 33, "zz" * 32])
    def test_must_hold_a_key(self, commands: Commands, key_file: Path, text: str) -> None:
        key_file.parent.mkdir()
        key_file.write_text(text, "ascii")

        said = commands.refusal("doctor")

        assert f"{key_file} is no key file" in said

    def test_must_be_a_file(self, url: str, tmp_path: Path) -> None:
        said = Commands("--database", url, "--key-file", str(tmp_path)).refusal("doctor")

        assert "the key file cannot be read" in said

    def test_must_have_a_folder_that_can_be_made(self, url: str, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        place = tmp_path / "file" / "sealing.key"

        said = Commands("--database", url, "--key-file", str(place)).refusal("doctor")

        assert "the key file cannot be" in said

    def test_leaves_only_a_sign_in_the_database(
        self, commands: Commands, key_file: Path, url: str
    ) -> None:
        commands.run("doctor")

        sign = ask(url, "SELECT value FROM installation WHERE name = 'sealing key'")

        assert sign.startswith("sealed:")
        assert key_file.read_text("ascii").strip() not in sign

    def test_of_two_installations_do_not_open_each_others(
        self, commands: Commands, url: str, tmp_path: Path
    ) -> None:
        commands.run("doctor")

        with pytest.raises(KeyUnusable, match="is missing"):
            wait_for(open_sealer(url, tmp_path / "other.key", at=NOON))

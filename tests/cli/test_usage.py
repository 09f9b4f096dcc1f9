"""Wrong usage ends with status 2 and a sentence, whatever is wrong."""

import socket
from pathlib import Path

import pytest

from tests.cli.commands import Commands
from tests.cli.serving import run_command

NOWHERE = "postgresql://nobody:secret@127.0.0.1:1/onefold"
COMMANDS = (
    ("serve",),
    ("migrate",),
    ("doctor",),
    ("demo-credentials",),
    ("token", "list", "--workspace", "shop"),
)


class TestPlaces:
    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_are_needed(self, command: tuple[str, ...]) -> None:
        assert Commands().refusal(*command) == (
            "onefold: name one of --data DIR and --database URL\n"
        )

    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_that_cannot_be_reached_are_told(
        self, command: tuple[str, ...], tmp_path: Path
    ) -> None:
        place = ("--database", NOWHERE, "--key-file", str(tmp_path / "key"))

        said = Commands(*place).refusal(*command)

        assert said.startswith("onefold: the database cannot be reached: ")
        assert "secret" not in said
        assert not (tmp_path / "key").exists()

    def test_that_are_no_addresses_are_told(self) -> None:
        said = Commands("--database", "mysql://db.example/onefold").refusal("doctor")

        assert "scheme is expected to be either" in said

    def test_that_are_files_are_told(self, tmp_path: Path) -> None:
        place = tmp_path / "file"
        place.touch()

        said = Commands("--data", str(place)).refusal("doctor")

        assert "the data directory cannot be made" in said


class TestServe:
    @pytest.mark.parametrize(
        ("option", "value", "words"),
        [
            ("--port", "70000", "less than or equal to 65535"),
            ("--port", "-1", "greater than or equal to 0"),
            ("--port", "http", "valid integer"),
            ("--workers", "0", "greater than or equal to 1"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, tmp_path: Path, option: str, value: str, words: str
    ) -> None:
        said = Commands("--data", str(tmp_path / "data")).refusal("serve", option, value)

        assert words in said
        assert not (tmp_path / "data").exists()

    def test_refuses_a_port_in_use_before_it_starts_anything(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            said = Commands("--data", str(tmp_path / "data")).refusal("serve", "--port", port)

        assert said == f"onefold: cannot listen on 127.0.0.1:{port}: Address already in use\n"
        assert not (tmp_path / "data").exists()

    def test_refuses_a_host_that_is_not_ours(self, tmp_path: Path) -> None:
        said = Commands("--data", str(tmp_path / "data")).refusal("serve", "--host", "192.0.2.1")

        assert "cannot listen on 192.0.2.1:8000" in said


class TestWords:
    def test_that_are_unknown_are_refused(self) -> None:
        assert "No such command 'fly'" in Commands().refusal("fly")
        assert "No such option" in Commands().refusal("doctor", "--fly")
        assert "Missing argument" in Commands().refusal("apply")
        assert "Missing option '--workspace'" in Commands().refusal("token", "list")

    def test_with_brackets_are_quoted_as_they_are(self, shop: Commands) -> None:
        said = shop.refusal("token", "list", "--workspace", "[/red]")

        assert said == "onefold: workspace not found: [/red]\n"


class TestTheProgram:
    def test_says_what_it_can_do(self) -> None:
        said = Commands().run("--help")

        for command in ("serve", "migrate", "apply", "token", "demo-credentials", "doctor"):
            assert command in said

    def test_ends_with_a_sentence(self) -> None:
        ended = run_command("doctor", status=2)

        assert ended.stdout == ""
        assert ended.stderr == "onefold: name one of --data DIR and --database URL\n"

"""Where a server of a data directory can be reached."""

from pathlib import Path

import pytest

from onefold.cli.address import address_of, note_address, noted_address
from onefold.settings import Settings, settings_from


def settings_on(folder: Path, port: int) -> Settings:
    return settings_from(data_dir=folder, host="127.0.0.1", port=port)


class TestAddress:
    @pytest.mark.parametrize(
        ("host", "address"),
        [("127.0.0.1", "http://127.0.0.1:8123"), ("::1", "http://[::1]:8123")],
    )
    def test_is_a_url(self, host: str, address: str) -> None:
        assert address_of(host, 8123) == address


class TestNote:
    def test_is_there_while_the_server_runs(self, tmp_path: Path) -> None:
        settings = settings_on(tmp_path, 8123)

        with note_address(settings):
            during = noted_address(settings)

        assert during == "http://127.0.0.1:8123"
        assert noted_address(settings) is None

    def test_is_that_of_the_server_that_came_last(self, tmp_path: Path) -> None:
        with note_address(settings_on(tmp_path, 8123)):
            with note_address(settings_on(tmp_path, 8124)):
                pass
            between = noted_address(settings_on(tmp_path, 1))
        with note_address(settings_on(tmp_path, 8125)):
            (tmp_path / "address").write_text("http://127.0.0.1:8126\n")

        assert between is None
        assert noted_address(settings_on(tmp_path, 1)) == "http://127.0.0.1:8126"

    def test_is_not_kept_where_there_is_no_data_directory(self) -> None:
        settings = settings_from(database_url="postgresql://db.example/onefold", key_file=Path("k"))

        with note_address(settings):
            assert noted_address(settings) is None

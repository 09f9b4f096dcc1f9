"""Settings: options first, then ONEFOLD_* variables, and never a guess."""

from pathlib import Path

import pytest

from onefold.settings import settings_from

VARIABLES = (
    "ONEFOLD_DATA",
    "ONEFOLD_DATABASE",
    "ONEFOLD_KEY_FILE",
    "ONEFOLD_POSTGRES_BIN",
    "ONEFOLD_LOG_FORMAT",
    "PROMETHEUS_MULTIPROC_DIR",
)
URL = "postgresql://db.example/onefold"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


class TestSettings:
    def test_take_a_data_directory_and_keep_the_key_in_it(self) -> None:
        settings = settings_from(data_dir=Path("there"))

        assert settings.data_dir == Path("there")
        assert settings.database_url is None
        assert settings.key_file == Path("there/sealing.key")

    def test_take_a_database_and_keep_the_key_in_the_current_folder(self) -> None:
        settings = settings_from(database_url=URL)

        assert settings.data_dir is None
        assert settings.database_url == URL
        assert settings.key_file == Path("sealing.key")

    def test_come_from_variables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ONEFOLD_DATABASE", URL)
        monkeypatch.setenv("ONEFOLD_KEY_FILE", "/keys/onefold")
        monkeypatch.setenv("ONEFOLD_LOG_FORMAT", "text")

        settings = settings_from()

        assert settings.database_url == URL
        assert settings.key_file == Path("/keys/onefold")
        assert settings.log_format == "text"

    @pytest.mark.parametrize("variable", ["ONEFOLD_DATA", "ONEFOLD_DATABASE"])
    def test_prefer_an_option_to_either_variable(
        self, monkeypatch: pytest.MonkeyPatch, variable: str
    ) -> None:
        monkeypatch.setenv(variable, "elsewhere")

        by_folder = settings_from(data_dir=Path("there"))
        by_url = settings_from(database_url=URL)

        assert (by_folder.data_dir, by_folder.database_url) == (Path("there"), None)
        assert (by_url.data_dir, by_url.database_url) == (None, URL)

    @pytest.mark.parametrize(
        "given", [{}, {"data_dir": Path("there"), "database_url": URL}, {"database_url": ""}]
    )
    def test_ask_for_one_place(self, given: dict[str, Path | str]) -> None:
        with pytest.raises(ValueError, match="name one of --data DIR and --database URL"):
            settings_from(**given)  # type: ignore[arg-type] # the parameters above fit

    def test_ask_for_one_place_when_two_variables_are_set(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ONEFOLD_DATA", "there")
        monkeypatch.setenv("ONEFOLD_DATABASE", URL)

        with pytest.raises(ValueError, match="name one of"):
            settings_from()

    def test_take_an_empty_variable_for_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ONEFOLD_DATA", "there")
        monkeypatch.setenv("ONEFOLD_DATABASE", "")

        assert settings_from().data_dir == Path("there")

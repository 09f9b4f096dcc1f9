"""Names of columns: those that explain themselves, and what they could have meant."""

from pathlib import Path
from typing import Any, ClassVar

import pytest

from onefold.model.imports.names import CUSTOMER_NAMES, EVENT_NAMES, nearest, obvious_path
from onefold.model.imports.paths import (
    CUSTOMER_PATHS,
    EVENT_PATHS,
    ImportEntity,
    ValueType,
    type_of_path,
)

GUIDE = Path(__file__).parents[2] / "docs" / "operate" / "import.md"


class TestNames:
    @pytest.mark.parametrize(
        "column",
        ["first_name", "First Name", "firstName", "FIRST-NAME", " first name ", "given_name"],
    )
    def test_are_known_however_they_are_written(self, column: str) -> None:
        assert obvious_path(ImportEntity.CUSTOMERS, column) == "name.given"

    @pytest.mark.parametrize("column", ["", "name", "foo", "first_name_2"])
    def test_are_not_guessed(self, column: str) -> None:
        assert obvious_path(ImportEntity.CUSTOMERS, column) is None

    def test_mean_another_thing_for_events(self) -> None:
        assert obvious_path(ImportEntity.EVENTS, "External ID") == "customer.external_id"
        assert obvious_path(ImportEntity.CUSTOMERS, "External ID") == "external_id"

    def test_lead_to_paths_that_there_are(self) -> None:
        assert set(CUSTOMER_NAMES.values()) <= set(CUSTOMER_PATHS)
        assert set(EVENT_NAMES.values()) <= set(EVENT_PATHS)

    def test_are_all_in_the_guide(self) -> None:
        guide = GUIDE.read_text("utf-8")

        missing = [name for name in (*CUSTOMER_NAMES, *EVENT_NAMES) if f"`{name}`" not in guide]
        assert missing == []

    def test_are_suggested_by_likeness(self) -> None:
        assert nearest("fisrt_name", CUSTOMER_NAMES)[0] == "first_name"
        assert nearest("EMAIL_ADRESS", CUSTOMER_NAMES)[0] == "email_address"
        assert nearest("zzz", CUSTOMER_NAMES) == []


class TestPaths:
    CUSTOM: ClassVar[dict[str, dict[str, Any]]] = {
        "size": {"schema": {"type": "integer"}},
        "odd": {"schema": {}},
        "off": {"schema": {"type": "string"}, "enabled": False},
    }

    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("name.given", ValueType.TEXT),
            ("birth_date", ValueType.DATE),
            ("consents.profiling.online.status", ValueType.BOOLEAN),
            ("consents.profiling.nothing.status", None),
            ("handles.chat", ValueType.TEXT),
            ("details.a.b", ValueType.ANY),
            ("custom.size", ValueType.INTEGER),
            ("custom.odd", ValueType.ANY),
            ("custom.off", None),
            ("custom.sise", None),
            ("name", None),
            ("credential.password", None),
        ],
    )
    def test_of_customers_take_one_kind_of_value(self, path: str, kind: ValueType | None) -> None:
        assert type_of_path(ImportEntity.CUSTOMERS, path, self.CUSTOM) is kind

    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("occurred_at", ValueType.MOMENT),
            ("properties", ValueType.JSON),
            ("properties.amount.total", ValueType.ANY),
            ("properties.", None),
            ("properties.a..b", None),
            ("name.given", None),
        ],
    )
    def test_of_events_reach_into_their_documents(self, path: str, kind: ValueType | None) -> None:
        assert type_of_path(ImportEntity.EVENTS, path, {}) is kind

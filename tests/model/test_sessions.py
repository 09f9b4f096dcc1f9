"""The claim of a session value."""

from uuid import UUID

import pytest

from onefold.model.sessions import session_key

COUNTER = UUID("00000000-0000-7000-8000-00000000000a")
STAND = UUID("00000000-0000-7000-8000-00000000000b")


class TestSessionKey:
    @pytest.mark.parametrize("other", ["S1", " s1", "s1 ", "s\u200b1", "s1\x00", "\uff531"])
    def test_tells_values_apart_to_the_letter(self, other: str) -> None:
        assert session_key(COUNTER, "s1") != session_key(COUNTER, other)

    def test_tells_nodes_apart(self) -> None:
        assert session_key(COUNTER, "s1") != session_key(STAND, "s1")

    def test_is_short_whatever_the_value(self) -> None:
        assert len(session_key(COUNTER, "é" * 255)) == 32

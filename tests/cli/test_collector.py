"""Fewer rounds of the cycle collector during an import."""

import gc

import pytest

from onefold.cli.collector import YOUNG_OBJECTS_MAX, rare_collections


class TestRareCollections:
    def test_last_as_long_as_the_block(self) -> None:
        before = gc.get_threshold()

        with rare_collections():
            inside = gc.get_threshold()

        assert inside == (YOUNG_OBJECTS_MAX, *before[1:])
        assert gc.get_threshold() == before
        assert gc.isenabled()

    def test_end_with_an_error_too(self) -> None:
        before = gc.get_threshold()

        with pytest.raises(OSError, match="away"), rare_collections():
            raise OSError("away")

        assert gc.get_threshold() == before

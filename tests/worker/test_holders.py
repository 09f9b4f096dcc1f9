"""Who holds a job, and what can be told of one that is no more."""

import subprocess
import sys

import pytest

from onefold.actions.emptying import CALLER
from onefold.worker.holders import holder_name, is_gone
from onefold.worker.jobs import this_process

TELL = "from onefold.worker.jobs import this_process; print(this_process().name)"


class TestAHolder:
    def test_of_this_process_is_there(self) -> None:
        assert not is_gone(holder_name())
        assert not this_process().is_gone(this_process().name)

    def test_has_a_name_of_its_own(self) -> None:
        assert this_process().name != this_process().name

    def test_whose_process_has_ended_is_gone(self) -> None:
        ended = subprocess.run(
            [sys.executable, "-c", TELL], capture_output=True, text=True, check=True
        )

        assert this_process().is_gone(ended.stdout.strip())

    @pytest.mark.parametrize("name", [CALLER, "", "/", "a/b", "a/b/c/d/e/f", "other/x/y/1/2"])
    def test_that_is_none_of_ours_may_be_there(self, name: str) -> None:
        assert not is_gone(name)
        assert not this_process().is_gone(name)

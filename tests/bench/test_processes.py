"""Processor time of processes."""

import os
import subprocess
import sys

from onefold.bench.processes import cpu_seconds_of, parent_of


class TestParentOf:
    def test_tells_who_started_a_process(self) -> None:
        assert parent_of(os.getpid()) == os.getppid()

    def test_is_0_for_a_process_that_is_not_here(self) -> None:
        assert parent_of(2**22 + 1) == 0


class TestCpuSecondsOf:
    def test_counts_children_that_have_ended(self) -> None:
        before = cpu_seconds_of(os.getpid())

        subprocess.run([sys.executable, "-c", "sum(range(6_000_000))"], check=True)

        after = cpu_seconds_of(os.getpid())
        assert before is not None
        assert after is not None
        assert after >= before + 0.04

"""Processor time of processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from onefold.bench.imports import ImportFailed, run_measured
from onefold.bench.processes import cpu_seconds_of, parent_of, peak_memory_of


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


class TestPeakMemoryOf:
    def test_is_0_for_a_process_that_is_not_here(self) -> None:
        assert peak_memory_of(2**22 + 1) == 0


class TestRunMeasured:
    def test_tells_time_and_memory_of_the_command_alone(self, tmp_path: Path) -> None:
        ours = bytearray(200_000_000)
        hold = "import time; x = bytearray(60_000_000); time.sleep(0.3)"

        finished = run_measured([sys.executable, "-c", hold], tmp_path / "log")

        assert len(ours) == 200_000_000
        assert 0.3 <= finished.seconds < 5
        assert 60 <= finished.resident_mb < 150

    def test_repeats_what_a_failed_command_wrote(self, tmp_path: Path) -> None:
        with pytest.raises(ImportFailed, match="too bad"):
            run_measured([sys.executable, "-c", "raise SystemExit('too bad')"], tmp_path / "log")

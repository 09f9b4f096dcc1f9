"""What is measured and how it is summed up: percentiles, medians, ratios within one run."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of one side. Times of the processor are microseconds for each operation."""

    operations: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int = 0
    generator_us: float | None = None
    server_us: float | None = None
    database_us: float | None = None

    @property
    def per_second(self) -> float:
        return self.operations / self.seconds if self.seconds else 0.0


def percentile(ordered: Sequence[float], fraction: float) -> float:
    """The smallest value that at least this fraction of all do not exceed (nearest rank)."""
    if not ordered:
        return 0.0
    rank = ceil(fraction * len(ordered))
    return ordered[min(max(rank, 1), len(ordered)) - 1]


def measured_of(
    milliseconds: Sequence[float],
    seconds: float,
    *,
    failed: int = 0,
    generator_us: float | None = None,
    server_us: float | None = None,
    database_us: float | None = None,
) -> Measured:
    """A run by the latencies of its operations."""
    ordered = sorted(milliseconds)
    return Measured(
        len(ordered),
        seconds,
        percentile(ordered, 0.50),
        percentile(ordered, 0.99),
        failed,
        generator_us,
        server_us,
        database_us,
    )


def median_of(runs: Sequence[Measured]) -> Measured:
    """The run that stands for several: the median of each figure, the sum of what failed."""
    return Measured(
        operations=round(median(run.per_second for run in runs) * runs[0].seconds),
        seconds=runs[0].seconds,
        p50_ms=median(run.p50_ms for run in runs),
        p99_ms=median(run.p99_ms for run in runs),
        failed=sum(run.failed for run in runs),
        generator_us=_median_of_known([run.generator_us for run in runs]),
        server_us=_median_of_known([run.server_us for run in runs]),
        database_us=_median_of_known([run.database_us for run in runs]),
    )


def pairwise_ratios(ours: Sequence[float], floors: Sequence[float]) -> list[float]:
    """Each of ours to the floor that ran next to it; a floor of nothing has no ratio."""
    return [our / floor for our, floor in zip(ours, floors, strict=True) if floor]


def _median_of_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None

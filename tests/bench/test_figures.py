"""Percentiles, medians and ratios."""

import pytest

from onefold.bench.figures import Measured, measured_of, median_of, pairwise_ratios, percentile


def run_of(operations: int, *, p99: float = 2.0, failed: int = 0) -> Measured:
    return Measured(operations, 2.0, 1.0, p99, failed)


class TestPercentile:
    @pytest.mark.parametrize(
        ("fraction", "expected"),
        [(0.0, 1), (0.01, 1), (0.5, 50), (0.501, 51), (0.99, 99), (1, 100)],
    )
    def test_is_the_nearest_rank(self, fraction: float, expected: int) -> None:
        assert percentile(list(range(1, 101)), fraction) == expected

    def test_of_one_value_is_that_value(self) -> None:
        assert percentile([7.0], 0.99) == 7.0

    def test_of_nothing_is_0(self) -> None:
        assert percentile([], 0.5) == 0.0


class TestMeasuredOf:
    def test_orders_the_latencies(self) -> None:
        measured = measured_of([3.0, 1.0, 2.0], 0.5)

        assert measured.operations == 3
        assert measured.per_second == 6.0
        assert measured.p50_ms == 2.0
        assert measured.p99_ms == 3.0

    def test_takes_a_run_without_answers(self) -> None:
        measured = measured_of([], 0.0, failed=4)

        assert measured.per_second == 0.0
        assert measured.failed == 4


class TestMedianOf:
    def test_is_of_each_figure_by_itself(self) -> None:
        runs = [run_of(100, p99=9.0), run_of(300, p99=4.0), run_of(200, p99=5.0)]

        middle = median_of(runs)

        assert middle.per_second == 100.0
        assert middle.p99_ms == 5.0

    def test_adds_up_what_failed(self) -> None:
        assert median_of([run_of(1, failed=2), run_of(1, failed=3)]).failed == 5

    def test_leaves_out_what_is_not_known(self) -> None:
        known = Measured(1, 1.0, 1.0, 1.0, generator_us=12.0)

        assert median_of([known, run_of(1)]).generator_us == 12.0
        assert median_of([run_of(1)]).generator_us is None


class TestPairwiseRatios:
    def test_holds_each_against_its_neighbour(self) -> None:
        assert pairwise_ratios([50.0, 30.0], [100.0, 40.0]) == [0.5, 0.75]

    def test_has_none_for_a_floor_of_nothing(self) -> None:
        assert pairwise_ratios([50.0, 30.0], [0.0, 40.0]) == [0.75]

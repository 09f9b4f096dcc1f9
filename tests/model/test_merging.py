"""How several values become one, policy by policy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.model.merge_policies import MergePolicy
from onefold.model.merging import merged_value, union
from tests.strategies import JSON, some


class TestEachPolicy:
    @pytest.mark.parametrize(
        ("policy", "values", "merged"),
        [
            (MergePolicy.PRIORITY, [None, "a", "b"], "a"),
            (MergePolicy.PRIORITY, [{"a": 1}, {"b": 2}], {"a": 1}),
            (MergePolicy.PRIORITY, [False, True], False),
            (MergePolicy.CONCATENATE, ["a", None, "b", "a"], "a b a"),
            (MergePolicy.CONCATENATE, [12, 34], 1234),
            (MergePolicy.CONCATENATE, [1.5, 2], 1.5),
            (MergePolicy.CONCATENATE, [[1, 2], [2, 3]], [1, 2, 2, 3]),
            (MergePolicy.UNION, [[1, 2], [2, 3], None], [1, 2, 3]),
            (MergePolicy.UNION, [[1], [True]], [1, True]),
            (MergePolicy.INTERSECTION, [[3, 1, 2, 1], [1, 3], [3, 1, 4]], [3, 1]),
            (MergePolicy.INTERSECTION, [[1], None], [1]),
            (MergePolicy.SUM, [1, 2, 3], 6),
            (MergePolicy.SUM, [0.1, 0.2], 0.3),
            (MergePolicy.SUM, [0.5, 0.5], 1),
            (MergePolicy.AVERAGE, [1, 2], 1.5),
            (MergePolicy.AVERAGE, [1, 3, None], 2),
            (MergePolicy.DIFFERENCE, [10, 3, 2], 5),
            (MergePolicy.DIFFERENCE, [0.3, 0.1], 0.2),
            (MergePolicy.MINIMUM, [3, 1.5, 2], 1.5),
            (MergePolicy.MAXIMUM, [3, 1.5, 2], 3),
        ],
    )
    def test_makes_one_of_several(
        self, policy: MergePolicy, values: list[Any], merged: Any
    ) -> None:
        assert merged_value(policy, values) == merged

    @pytest.mark.parametrize("policy", list(MergePolicy))
    def test_makes_nothing_of_nothing(self, policy: MergePolicy) -> None:
        assert merged_value(policy, [None, None]) is None

    @pytest.mark.parametrize("policy", [MergePolicy.SUM, MergePolicy.UNION, MergePolicy.MAXIMUM])
    def test_leaves_values_of_another_type_to_priority(self, policy: MergePolicy) -> None:
        assert merged_value(policy, ["old", 2]) == "old"

    @some
    @given(policy=st.sampled_from(MergePolicy), value=JSON.filter(lambda one: one is not None))
    def test_keeps_the_only_value_there_is(self, policy: MergePolicy, value: Any) -> None:
        alone = merged_value(policy, [None, value])

        assert alone == (union([value]) if policy in LISTED and isinstance(value, list) else value)

    @some
    @given(
        policy=st.sampled_from(
            [MergePolicy.SUM, MergePolicy.AVERAGE, MergePolicy.MINIMUM, MergePolicy.MAXIMUM]
        ),
        values=st.lists(
            st.floats(-1e6, 1e6) | st.integers(-(2**70), 2**70), min_size=1, max_size=5
        ),
        data=st.data(),
    )
    def test_does_not_depend_on_the_order_where_it_should_not(
        self, policy: MergePolicy, values: list[Any], data: st.DataObject
    ) -> None:
        again = data.draw(st.permutations(values))

        assert merged_value(policy, values) == merged_value(policy, again)


LISTED = (MergePolicy.UNION, MergePolicy.INTERSECTION)

"""Who is one person, worked out from keys and decisions."""

from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.model.aggregates import Exclusion, MatchRule, Pattern
from onefold.model.changes import CustomerChange, apply_change
from onefold.model.customers import EMPTY_PROFILE, Profile
from onefold.model.linking import (
    SHARED_MAX,
    Key,
    clusters_of,
    compared_values,
    is_excluded,
)
from tests.builders import NOON
from tests.strategies import some

A, B, C, D = (UUID(int=number) for number in range(1, 5))
EMAIL = Key("email", "x")
NAME = Key("name", "y")
PEOPLE = [UUID(int=number) for number in range(1, 8)]
KEYS = st.dictionaries(
    st.sampled_from(PEOPLE),
    st.frozensets(
        st.builds(Key, st.sampled_from(["email", "name"]), st.sampled_from(["x", "y", "z"])),
        max_size=2,
    ),
)
PAIRS = st.sets(st.sampled_from([frozenset(pair) for pair in combinations(PEOPLE, 2)]), max_size=4)


def profile(**values: object) -> Profile:
    change = CustomerChange({path.replace("__", "."): value for path, value in values.items()})
    return apply_change(EMPTY_PROFILE, change, at=NOON)


def groups(
    keys: dict[UUID, list[Key]],
    together: list[set[UUID]] | None = None,
    apart: list[set[UUID]] | None = None,
) -> list[tuple[UUID, ...]]:
    found = clusters_of(
        keys,
        rules=["email", "name"],
        together=[frozenset(pair) for pair in together or ()],
        apart=[frozenset(pair) for pair in apart or ()],
    )
    return [one.members for one in found]


class TestClusters:
    def test_join_over_several_steps(self) -> None:
        assert groups({A: [EMAIL], B: [EMAIL, NAME], C: [NAME], D: []}) == [(A, B, C), (D,)]

    def test_join_whom_people_call_the_same(self) -> None:
        assert groups({A: [], B: [], C: []}, together=[{A, C}]) == [(A, C), (B,)]

    def test_leave_the_younger_of_two_who_are_never_the_same_alone(self) -> None:
        keys = {A: [EMAIL], B: [EMAIL], C: [EMAIL]}

        assert groups(keys, apart=[{A, C}]) == [(A, B), (C,)]
        assert groups(keys, apart=[{A, B}]) == [(A, C), (B,)]

    def test_let_never_outrank_people_who_call_others_the_same(self) -> None:
        keys: dict[UUID, list[Key]] = {A: [], B: [], C: []}

        assert groups(keys, together=[{A, B}, {B, C}], apart=[{A, C}]) == [(A, B), (C,)]

    def test_let_an_earlier_rule_join_first(self) -> None:
        keys = {A: [NAME], B: [EMAIL, NAME], C: [EMAIL]}

        assert groups(keys, apart=[{A, C}]) == [(A,), (B, C)]

    def test_do_not_join_by_what_too_many_share(self) -> None:
        crowd = {UUID(int=number): [EMAIL] for number in range(1, SHARED_MAX + 2)}
        family = {one: keys for one, keys in crowd.items() if one.int <= SHARED_MAX}

        assert len(groups(crowd)) == SHARED_MAX + 1
        assert len(groups(family)) == 1

    def test_say_why_each_stands_where_it_is(self) -> None:
        (cluster,) = clusters_of({A: [EMAIL], B: [EMAIL, NAME], C: [NAME]}, rules=["email", "name"])

        assert [tuple(one) for one in cluster.joints] == [(B, A, "email"), (C, B, "name")]

    @some
    @given(keys=KEYS, together=PAIRS, apart=PAIRS)
    def test_hold_everybody_once_and_nobody_who_is_never_the_same(
        self,
        keys: dict[UUID, frozenset[Key]],
        together: set[frozenset[UUID]],
        apart: set[frozenset[UUID]],
    ) -> None:
        found = clusters_of(keys, rules=["email", "name"], together=together, apart=apart)

        members = [set(one.members) for one in found]
        assert sorted(one for group in members for one in group) == sorted(keys)
        assert not any(pair <= group for pair in apart for group in members)

    @some
    @given(keys=KEYS, together=PAIRS)
    def test_are_what_equal_keys_connect(
        self, keys: dict[UUID, frozenset[Key]], together: set[frozenset[UUID]]
    ) -> None:
        """Another way to the same: go on joining until nothing more is to be joined."""
        expected = {one: {one} for one in keys}
        for one, other in list(combinations(sorted(keys), 2)) * len(keys):
            if keys[one] & keys[other] or frozenset((one, other)) in together:
                joined = expected[one] | expected[other]
                expected.update(dict.fromkeys(joined, joined))

        found = clusters_of(keys, rules=["email", "name"], together=together)

        assert {one.members for one in found} == {tuple(sorted(one)) for one in expected.values()}


class TestComparedValues:
    def test_need_every_property_of_the_rule(self) -> None:
        rule = MatchRule("name", ("name.given", "name.family"))

        assert compared_values(rule, profile(name__given="Ada"), None) is None
        assert compared_values(rule, profile(name__given="Ada", name__family="Byron"), None) == {
            "name.given": "Ada",
            "name.family": "Byron",
        }

    @pytest.mark.parametrize("email", ["test@test.com", "null", "noreply@shop.example"])
    def test_leave_out_fillers(self, email: str) -> None:
        rule = MatchRule("email", ("contact.email",))

        assert compared_values(rule, profile(contact__email=email), None) is None

    def test_read_a_number_in_its_country(self) -> None:
        rule = MatchRule("mobile", ("contact.mobile",))
        local = compared_values(rule, profile(contact__mobile="333 123 4567"), "IT")

        assert local == compared_values(rule, profile(contact__mobile="+39 3331234567"), "CH")


class TestExclusions:
    @pytest.mark.parametrize(
        ("pattern", "met", "missed"),
        [
            (Pattern.STARTS_WITH, "ADA@", "@staff"),
            (Pattern.CONTAINS, "@staff", "@web"),
            (Pattern.EQUALS, "Ada@staff.example", "ada"),
        ],
    )
    def test_compare_without_case(self, pattern: Pattern, met: str, missed: str) -> None:
        ada = profile(contact__email="ada@Staff.example")

        assert is_excluded([Exclusion("contact.email", pattern, met)], ada)
        assert not is_excluded([Exclusion("contact.email", pattern, missed)], ada)

    def test_keep_nobody_out_who_has_no_value(self) -> None:
        assert not is_excluded([Exclusion("contact.email", Pattern.CONTAINS, "")], EMPTY_PROFILE)

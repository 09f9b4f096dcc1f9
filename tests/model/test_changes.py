"""Partial changes of a profile."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.model.changes import (
    CustomerChange,
    ListChange,
    ListRule,
    SubscriptionChange,
    apply_change,
)
from onefold.model.consents import Consent, Consents, Notice
from onefold.model.customers import (
    Address,
    ContactKind,
    ContactPoint,
    Credential,
    Education,
    Name,
    Preference,
    Profile,
    Subscription,
    Tags,
)
from tests.strategies import CHANGES, some

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
ANN = ContactPoint(1, ContactKind.EMAIL, "ann@shop.example", primary=True)


def changed(profile: Profile, **values: object) -> Profile:
    paths = {path.replace("__", "."): value for path, value in values.items()}
    return apply_change(profile, CustomerChange(values=paths), at=NOON)


def listed(profile: Profile, name: str, rule: ListRule, *items: object) -> Profile:
    return apply_change(profile, CustomerChange(lists={name: ListChange(items, rule)}), at=NOON)


class TestValues:
    def test_set_a_field_of_a_group_and_leave_the_others(self) -> None:
        profile = Profile(name=Name(given="Ann", family="Lee"))

        assert changed(profile, name__given="Bea").name == Name(given="Bea", family="Lee")

    def test_are_removed_by_none(self) -> None:
        profile = Profile(external_id="A1", name=Name(given="Ann"), custom={"size": 38})

        after = changed(profile, external_id=None, name__given=None, custom__size=None)

        assert after == Profile()

    def test_leave_a_customer_enabled_when_enabled_is_removed(self) -> None:
        assert changed(Profile(enabled=False), enabled=None).enabled is True

    def test_return_the_same_profile_when_there_are_none(self) -> None:
        profile = Profile(external_id="A1")

        assert apply_change(profile, CustomerChange(), at=NOON) is profile

    def test_keep_a_custom_name_whole_when_it_holds_dots(self) -> None:
        assert changed(Profile(), custom__a__b=1).custom == {"a.b": 1}

    def test_set_a_login(self) -> None:
        after = changed(Profile(), credential__username="ann", credential__password_hash="h")  # noqa: S106 - no password

        assert after.credential == Credential("ann", "h")


class TestClearedGroups:
    @pytest.mark.parametrize("name", ["custom", "handles", "details", "choices"])
    def test_lose_everything(self, name: str) -> None:
        profile = replace(Profile(), **{name: {"a": "1", "b": "2"}})  # type: ignore[arg-type] # a mapping each

        assert apply_change(profile, CustomerChange(cleared=frozenset({name})), at=NOON) == (
            Profile()
        )

    def test_keep_what_the_same_change_sets(self) -> None:
        change = CustomerChange(values={"custom.b": 3}, cleared=frozenset({"custom"}))

        assert apply_change(Profile(custom={"a": 1, "b": 2}), change, at=NOON).custom == {"b": 3}

    def test_of_consents_lose_the_notice_too(self) -> None:
        agreed = Consents(Notice(version="v1"), {"soft_spam.email": Consent(status=True)})
        change = CustomerChange(cleared=frozenset({"consents"}))

        assert apply_change(Profile(consents=agreed), change, at=NOON).consents == Consents()

    def test_of_the_notice_keep_the_decisions(self) -> None:
        agreed = Consents(Notice(version="v1"), {"soft_spam.email": Consent(status=True)})
        change = CustomerChange(cleared=frozenset({"notice"}))

        after = apply_change(Profile(consents=agreed), change, at=NOON).consents

        assert after == Consents(Notice(), {"soft_spam.email": Consent(status=True)})


class TestPrimaryContacts:
    def test_get_the_next_key(self) -> None:
        after = changed(Profile(next_key=5), contact__email="ann@shop.example")

        assert after.contact_points == (
            ContactPoint(5, ContactKind.EMAIL, "ann@shop.example", primary=True),
        )
        assert after.next_key == 6

    def test_keep_their_key_and_lose_their_verification_with_a_new_value(self) -> None:
        verified = ContactPoint(
            1, ContactKind.EMAIL, "ann@shop.example", type="work", primary=True, verified_at=NOON
        )
        profile = Profile(contact_points=(verified,), next_key=2)

        after = changed(profile, contact__email="bea@shop.example")

        assert after.contact_points == (
            ContactPoint(1, ContactKind.EMAIL, "bea@shop.example", type="work", primary=True),
        )

    def test_stay_verified_when_the_value_is_the_same(self) -> None:
        verified = ContactPoint(
            1, ContactKind.EMAIL, "ann@shop.example", primary=True, verified_at=NOON
        )
        profile = Profile(contact_points=(verified,), next_key=2)

        assert changed(profile, contact__email="ann@shop.example") == profile

    def test_never_get_a_key_twice(self) -> None:
        profile = Profile(contact_points=(ANN,), next_key=2)

        removed = changed(profile, contact__email=None)
        again = changed(removed, contact__email="ann@shop.example")

        assert removed == Profile(next_key=2)
        assert again.contact_points[0].key == 2
        assert again.next_key == 3


class TestOtherContacts:
    def test_are_appended_once(self) -> None:
        point = ContactPoint(0, ContactKind.EMAIL, "bea@shop.example")
        profile = Profile(contact_points=(ANN,), next_key=2)

        after = listed(profile, "contact_points", ListRule.APPEND, point, point)

        assert after.contact_points == (
            ANN,
            ContactPoint(2, ContactKind.EMAIL, "bea@shop.example"),
        )
        assert listed(after, "contact_points", ListRule.APPEND, point) == after

    def test_are_replaced_without_the_primary_ones(self) -> None:
        work = ContactPoint(2, ContactKind.EMAIL, "work@shop.example", verified_at=NOON)
        home = ContactPoint(3, ContactKind.EMAIL, "home@shop.example")
        profile = Profile(contact_points=(ANN, work, home), next_key=4)
        fax = ContactPoint(0, ContactKind.FAX, "+390382123456")
        known = ContactPoint(0, ContactKind.EMAIL, "work@shop.example")

        after = listed(profile, "contact_points", ListRule.REPLACE, fax, known)

        assert after.contact_points == (
            ANN,
            ContactPoint(4, ContactKind.FAX, "+390382123456"),
            work,
        )
        assert after.next_key == 5

    def test_cannot_make_a_second_primary_one(self) -> None:
        second = ContactPoint(0, ContactKind.EMAIL, "bea@shop.example", primary=True)

        after = listed(
            Profile(contact_points=(ANN,), next_key=2), "contact_points", ListRule.APPEND, second
        )

        assert after.contact_points[1].primary is False

    def test_of_no_known_kind_differ_by_their_type(self) -> None:
        one = ContactPoint(0, ContactKind.OTHER, "ann", type="SKYPE")
        other = ContactPoint(0, ContactKind.OTHER, "ann", type="TELEGRAM")

        after = listed(Profile(), "contact_points", ListRule.APPEND, one, other)

        assert [(point.key, point.type) for point in after.contact_points] == [
            (1, "SKYPE"),
            (2, "TELEGRAM"),
        ]


class TestPrimaryAddress:
    def test_is_made_field_by_field(self) -> None:
        once = changed(Profile(), address__city="Pavia")
        twice = changed(once, address__street="Via Roma 1")

        assert twice.addresses == (Address(1, primary=True, city="Pavia", street="Via Roma 1"),)
        assert twice.next_key == 2

    def test_goes_when_its_last_field_does(self) -> None:
        once = changed(Profile(), address__city="Pavia", address__extra_lines=("c/o Lee",))

        after = changed(once, address__city=None, address__extra_lines=None)

        assert after == Profile(next_key=2)

    def test_is_not_made_of_nothing(self) -> None:
        assert changed(Profile(), address__city=None) == Profile()

    def test_keeps_its_place_among_the_others(self) -> None:
        second = Address(1, city="Lodi")
        profile = Profile(addresses=(second, Address(2, primary=True, city="Pavia")), next_key=3)

        assert changed(profile, address__city="Pavia") == profile
        assert changed(profile, address__city="Como").addresses == (
            second,
            Address(2, primary=True, city="Como"),
        )


class TestOtherAddresses:
    def test_get_keys_of_their_own(self) -> None:
        profile = changed(Profile(), address__city="Pavia")

        after = listed(
            profile, "addresses", ListRule.APPEND, Address(0, city="Lodi"), Address(0, city="Como")
        )

        assert [(one.key, one.city, one.primary) for one in after.addresses] == [
            (1, "Pavia", True),
            (2, "Lodi", False),
            (3, "Como", False),
        ]
        assert listed(after, "addresses", ListRule.APPEND, Address(0, city="Lodi")) == after

    def test_keep_their_keys_when_the_list_is_sent_again(self) -> None:
        first = listed(
            Profile(),
            "addresses",
            ListRule.APPEND,
            Address(0, city="Lodi"),
            Address(0, city="Como"),
        )

        after = listed(first, "addresses", ListRule.REPLACE, Address(0, city="Como"))

        assert after.addresses == (Address(2, city="Como"),)


class TestListsWithIds:
    def test_take_the_later_content_at_the_earlier_place(self) -> None:
        profile = Profile(educations=(Education("1"), Education("2")))

        after = listed(
            profile, "educations", ListRule.APPEND, Education("1", school_name="X"), Education("3")
        )

        assert after.educations == (
            Education("1", school_name="X"),
            Education("2"),
            Education("3"),
        )

    def test_of_tags_are_appended_once_and_replaced(self) -> None:
        profile = Profile(tags=Tags(auto=("a",), manual=("m",)))

        appended = listed(profile, "tags.auto", ListRule.APPEND, "b", "a", "b")
        replaced = listed(appended, "tags.auto", ListRule.REPLACE, "c", "c")

        assert appended.tags == Tags(auto=("a", "b"), manual=("m",))
        assert replaced.tags == Tags(auto=("c",), manual=("m",))


class TestSubscriptions:
    def test_get_their_times_from_the_server(self) -> None:
        change = CustomerChange(subscriptions=(SubscriptionChange("n", {"subscribed": True}),))

        after = apply_change(Profile(), change, at=NOON)

        assert after.subscriptions == (
            Subscription("n", subscribed=True, registered_at=NOON, updated_at=NOON),
        )

    def test_keep_missing_fields_and_missing_items(self) -> None:
        stored = (
            Subscription("n", name="News", subscribed=True, registered_at=NOON, updated_at=NOON),
            Subscription("m", registered_at=NOON, updated_at=NOON),
        )
        change = CustomerChange(subscriptions=(SubscriptionChange("n", {"subscribed": False}),))

        after = apply_change(Profile(subscriptions=stored), change, at=LATER)

        assert after.subscriptions == (
            Subscription("n", name="News", subscribed=False, registered_at=NOON, updated_at=LATER),
            stored[1],
        )

    def test_stay_as_they_are_when_nothing_differs(self) -> None:
        stored = (Subscription("n", subscribed=True, registered_at=NOON, updated_at=NOON),)
        values = {"subscribed": True, "updated_at": None, "preferences": None}
        change = CustomerChange(subscriptions=(SubscriptionChange("n", values),))

        assert apply_change(Profile(subscriptions=stored), change, at=LATER).subscriptions == stored

    def test_lose_preferences_by_none(self) -> None:
        stored = (Subscription("n", preferences=(Preference("a", "b"),)),)
        change = CustomerChange(subscriptions=(SubscriptionChange("n", {"preferences": None}),))

        after = apply_change(Profile(subscriptions=stored), change, at=NOON)

        assert after.subscriptions[0].preferences == ()


class TestEveryChange:
    @some
    @given(CHANGES, CHANGES)
    def test_made_twice_is_made_once(self, first: CustomerChange, change: CustomerChange) -> None:
        once = apply_change(apply_change(Profile(), first, at=NOON), change, at=NOON)

        assert apply_change(once, change, at=NOON) == once

    @some
    @given(st.lists(CHANGES, max_size=6))
    def test_gives_no_key_twice(self, changes: list[CustomerChange]) -> None:
        profile, gone, present = Profile(), set[int](), set[int]()
        for change in changes:
            profile = apply_change(profile, change, at=NOON)
            keys = [one.key for one in profile.contact_points]
            keys += [one.key for one in profile.addresses]
            assert len(keys) == len(set(keys))
            assert not gone & set(keys)
            assert all(0 < key < profile.next_key for key in keys)
            gone |= present - set(keys)
            present = set(keys)

    @some
    @given(st.lists(CHANGES, max_size=4))
    def test_leaves_one_primary_of_a_kind(self, changes: list[CustomerChange]) -> None:
        profile = Profile()
        for change in changes:
            profile = apply_change(profile, change, at=NOON)

        primary = [point.kind for point in profile.contact_points if point.primary]
        assert len(primary) == len(set(primary))
        assert sum(one.primary for one in profile.addresses) <= 1

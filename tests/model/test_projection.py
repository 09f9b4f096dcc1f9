"""The profile of a person, made of its customers' profiles."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from onefold.model.changes import CustomerChange, apply_change
from onefold.model.consents import Consent, Consents
from onefold.model.customers import EMPTY_PROFILE, ContactKind, Credential, Profile
from onefold.model.documents import document_of
from onefold.model.merge_policies import MergePolicy
from onefold.model.projection import policies_of, projected, strictest
from tests.builders import NOON
from tests.strategies import CHANGES, some

PROFILES = st.lists(CHANGES, max_size=3).map(
    lambda changes: made(EMPTY_PROFILE, changes)  # a profile as a caller could make it
)


def made(profile: Profile, changes: list[CustomerChange]) -> Profile:
    for change in changes:
        profile = apply_change(profile, change, at=NOON)
    return profile


def profile(**values: object) -> Profile:
    change = CustomerChange({path.replace("__", "."): value for path, value in values.items()})
    return made(EMPTY_PROFILE, [change])


class TestPlainValues:
    def test_are_of_the_first_customer_that_has_one(self) -> None:
        person = projected(
            [profile(gender="F"), profile(gender="X", locale="it_IT", name__given="Ada")], {}
        )

        assert (person.gender, person.locale, person.name.given) == ("F", "it_IT", "Ada")

    def test_of_a_credential_leave_out_the_password(self) -> None:
        secret = replace(EMPTY_PROFILE, credential=Credential("ada", "argon2..."))

        assert projected([secret], {}).credential == Credential("ada", None)

    def test_say_that_a_person_is_enabled_when_one_customer_is(self) -> None:
        off, on = profile(enabled=False), profile(enabled=True)

        assert projected([off, on], {}).enabled
        assert not projected([off, off], {}).enabled


class TestContactPoints:
    def test_keep_one_primary_of_a_kind_and_all_the_others(self) -> None:
        person = projected(
            [profile(contact__email="a@x.example"), profile(contact__email="b@x.example")], {}
        )

        primary = person.primary_contact(ContactKind.EMAIL)
        assert primary is not None
        assert primary.value == "a@x.example"
        assert [(one.value, one.primary) for one in person.contact_points] == [
            ("a@x.example", True),
            ("b@x.example", False),
        ]

    def test_of_two_customers_that_are_equal_are_one(self) -> None:
        same = profile(contact__email="a@x.example")

        assert len(projected([same, same], {}).contact_points) == 1

    @some
    @given(one=PROFILES, other=PROFILES)
    def test_have_keys_of_their_own(self, one: Profile, other: Profile) -> None:
        person = projected([one, other], {})

        keys = [point.key for point in person.contact_points]
        keys += [address.key for address in person.addresses]
        assert len(set(keys)) == len(keys)
        assert all(key < person.next_key for key in keys)


class TestCustomProperties:
    def test_follow_their_policies(self) -> None:
        policies = policies_of(
            {
                "points": {"merge_policy": "sum"},
                "brands": {"merge_policy": "union"},
                "label": {"merge_policy": None},
            }
        )
        one = profile(custom__points=2, custom__brands=["a"], custom__label="x")
        other = profile(custom__points=3, custom__brands=["b", "a"], custom__label="y")

        assert policies == {"points": MergePolicy.SUM, "brands": MergePolicy.UNION}
        assert projected([one, other], policies).custom == {
            "points": 5,
            "brands": ["a", "b"],
            "label": "x",
        }


class TestConsents:
    def test_are_as_strict_as_the_strictest_customers(self) -> None:
        yes, no, unsaid = (Consents(purposes={"p": Consent(one)}) for one in (True, False, None))

        assert strictest([yes, no]).purposes == {"p": Consent(False)}
        assert strictest([yes, unsaid]).purposes == {"p": Consent(True)}
        objecting = Consents(purposes={"p": Consent(True, objection=True)})
        assert strictest([yes, objecting]).purposes == {"p": Consent(True, None, True)}


class TestAPersonOfOneCustomer:
    @some
    @given(one=PROFILES)
    def test_is_like_it_but_for_the_password(self, one: Profile) -> None:
        kept = Credential(one.credential.username, "argon2...")

        assert projected([replace(one, credential=kept)], {}) == replace(
            one, credential=Credential(one.credential.username)
        )

    @some
    @given(one=PROFILES)
    def test_is_no_other_for_a_second_one_that_is_empty(self, one: Profile) -> None:
        """A field of the record that nobody merges would be lost here."""
        both = projected([one, EMPTY_PROFILE], {})

        for field in fields(Profile):
            if field.name not in ("contact_points", "addresses", "next_key", "enabled", *_TIDIED):
                whole = {field.name: getattr(both, field.name)}
                assert document_of(replace(EMPTY_PROFILE, **whole)) == document_of(
                    replace(EMPTY_PROFILE, **{field.name: getattr(one, field.name)})
                )


_TIDIED = ("name", "credential", "external_id", "extra", "devices", "tags")
"""An empty text is no value to a person, and of two equal items one is enough."""

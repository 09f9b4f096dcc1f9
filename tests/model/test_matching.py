"""The properties that tell customers of a node apart."""

from datetime import date
from uuid import UUID

import pytest

from onefold.model.changes import CustomerChange, ListChange, ListRule
from onefold.model.consents import Consent, Consents, Notice
from onefold.model.customers import Address, ContactKind, ContactPoint, Name, Profile
from onefold.model.errors import Invalid
from onefold.model.matching import require_properties, touches_unique, unique_key, value_at
from onefold.model.workspaces import Node, NodeKind, UniquePolicy

COUNTER = UUID("00000000-0000-7000-8000-00000000000a")
STAND = UUID("00000000-0000-7000-8000-00000000000b")


def node_with(
    *paths: str,
    case_sensitive: bool = False,
    mandatory: tuple[str, ...] = (),
    node_id: UUID = COUNTER,
) -> Node:
    policy = UniquePolicy(paths, case_sensitive)
    return Node(node_id, NodeKind.ENTRY, "Counter", unique=policy, mandatory=mandatory)


def person(email: str | None = None, **values: object) -> Profile:
    points = (ContactPoint(1, ContactKind.EMAIL, email, primary=True),) if email else ()
    return Profile(contact_points=points, **values)  # type: ignore[arg-type] # any field


class TestValueAt:
    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("external_id", "A1"),
            ("name.given", "Ann"),
            ("name.family", None),
            ("birth_date", date(1980, 1, 2)),
            ("contact.email", "ann@shop.example"),
            ("contact.mobile", None),
            ("address.city", "Pavia"),
            ("address.street", None),
            ("custom.size", 38),
            ("custom.a.b", "dotted"),
            ("custom.none", None),
            ("handles.x", "@ann"),
            ("notice.version", "v1"),
            ("consents.soft_spam.email.status", False),
            ("consents.profiling.online.status", None),
            ("credential.username", None),
            ("enabled", True),
        ],
    )
    def test_is_what_the_profile_holds(self, path: str, value: object) -> None:
        profile = person(
            "ann@shop.example",
            external_id="A1",
            name=Name(given="Ann"),
            birth_date=date(1980, 1, 2),
            addresses=(Address(2, city="Lodi"), Address(3, primary=True, city="Pavia")),
            custom={"size": 38, "a.b": "dotted"},
            handles={"x": "@ann"},
            consents=Consents(Notice(version="v1"), {"soft_spam.email": Consent(status=False)}),
        )

        assert value_at(profile, path) == value

    def test_is_nothing_where_there_is_no_address(self) -> None:
        assert value_at(Profile(), "address.city") is None


class TestUniqueKey:
    def test_is_none_without_a_policy(self) -> None:
        assert unique_key(node_with(), person("ann@shop.example")) is None

    def test_ignores_case_and_blanks_unless_case_counts(self) -> None:
        one, other = person("Ann@shop.example "), person("ann@shop.example")
        exact = node_with("contact.email", case_sensitive=True)
        folded = node_with("contact.email")

        assert unique_key(folded, one) == unique_key(folded, other)
        assert unique_key(exact, one) != unique_key(exact, other)

    def test_differs_from_node_to_node(self) -> None:
        ann = person("ann@shop.example")

        assert unique_key(node_with("contact.email"), ann) != unique_key(
            node_with("contact.email", node_id=STAND), ann
        )

    def test_takes_all_properties_together(self) -> None:
        node = node_with("contact.email", "external_id")
        keys = {
            unique_key(node, person("ann@shop.example", external_id="1")),
            unique_key(node, person("ann@shop.example", external_id="2")),
            unique_key(node, person("bea@shop.example", external_id="1")),
        }

        assert len(keys) == 3

    def test_does_not_mix_up_where_one_value_ends(self) -> None:
        node = node_with("name.given", "name.family")

        assert unique_key(node, Profile(name=Name(given="ab", family="c"))) != unique_key(
            node, Profile(name=Name(given="a", family="bc"))
        )


class TestRequireProperties:
    def test_names_every_missing_one_in_its_own_words(self) -> None:
        node = node_with("contact.email", "external_id", mandatory=("name.given", "external_id"))

        with pytest.raises(Invalid) as refused:
            require_properties(node, person(external_id=""))

        assert [(one.path, one.message) for one in refused.value.fields] == [
            ("contact.email", "unique customer property is required"),
            ("external_id", "unique customer property is required"),
            ("name.given", "mandatory customer property is required"),
        ]

    def test_takes_false_and_zero_for_values(self) -> None:
        node = node_with("custom.size", mandatory=("custom.vip",))

        require_properties(node, Profile(custom={"size": 0, "vip": False}))

    def test_takes_an_empty_list_for_missing(self) -> None:
        with pytest.raises(Invalid):
            require_properties(node_with(mandatory=("tags.manual",)), Profile())


class TestTouchesUnique:
    @pytest.mark.parametrize(
        "change",
        [
            CustomerChange(values={"custom.card": None}),
            CustomerChange(cleared=frozenset({"custom"})),
            CustomerChange(values={"custom.card": 1, "custom.x": 2}, cleared=frozenset({"custom"})),
        ],
    )
    def test_sees_every_way_to_change_one(self, change: CustomerChange) -> None:
        assert touches_unique(node_with("custom.card"), change)

    def test_is_false_for_anything_else(self) -> None:
        change = CustomerChange(
            values={"custom.other": 1, "contact.email": "x"},
            lists={"tags.auto": ListChange((), ListRule.REPLACE)},
            cleared=frozenset({"handles"}),
        )

        assert not touches_unique(node_with("custom.card"), change)

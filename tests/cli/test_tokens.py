"""`onefold token`: credentials that are shown once, listed without use, and revoked for good."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from tests.cli.commands import Commands
from tests.cli.conftest import SHOP
from tests.cli.databases import ask, rows


class TestCreate:
    def test_shows_a_token_of_256_bits_and_keeps_only_its_digest(
        self, shop: Commands, url: str
    ) -> None:
        made = shop.json("token", "create", "contacthub", "--workspace", "shop")

        assert len(made["token"]) == 43
        assert made["header"] == f"Authorization: Bearer {made['token']}"
        digest = sha256(made["token"].encode()).digest()
        assert ask(url, "SELECT token_id FROM tokens WHERE digest = $1", digest) is not None
        kept = rows(url, "SELECT tokens::text FROM tokens")
        assert all(made["token"] not in row[0] for row in kept)

    def test_prints_the_token_alone_for_people(self, shop: Commands) -> None:
        said = shop.run("token", "create", "contacthub", "--workspace", "shop")

        assert len(said.strip()) == 43

    def test_binds_it_to_the_nodes_of_a_source(self, shop: Commands, url: str) -> None:
        made = shop.json("token", "create", "contacthub", "--workspace", "shop", "--source", "till")

        digest = sha256(made["token"].encode()).digest()
        query = "SELECT tokens.kind, roles, node_ids = ARRAY[node_id] FROM tokens, nodes"
        assert rows(url, f"{query} WHERE digest = $1", digest) == [
            ("source", ["application"], True)
        ]

    def test_takes_roles_and_days(self, shop: Commands) -> None:
        options = ("--role", "admin", "--role", "privacy_officer", "--days", "30")
        made = shop.json("token", "create", "contacthub", "--workspace", "shop", *options)

        (listed,) = [
            one
            for one in shop.json("token", "list", "--workspace", "shop")
            if one["id"] == made["id"]
        ]
        assert listed["roles"] == ["admin", "privacy_officer"]
        left = datetime.fromisoformat(listed["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=29, hours=23) < left <= timedelta(days=30)

    def test_refuses_what_is_not_there(self, shop: Commands) -> None:
        create = ("token", "create")

        assert "no dialect smalltalk" in shop.refusal(*create, "smalltalk", "--workspace", "shop")
        assert "workspace not found: pub" in shop.refusal(
            *create, "contacthub", "--workspace", "pub"
        )
        assert "source not found barrel" in shop.refusal(
            *create, "contacthub", "--workspace", "shop", "--source", "barrel"
        )

    def test_refuses_a_life_of_no_days_and_one_beyond_the_calendar(self, shop: Commands) -> None:
        create = ("token", "create", "contacthub", "--workspace", "shop", "--days")

        assert "should be greater than or equal to 1" in shop.refusal(*create, "0")
        assert "should be less than or equal to 36500" in shop.refusal(*create, "99999999")

    def test_refuses_a_role_that_there_is_not(self, shop: Commands) -> None:
        said = shop.refusal(
            "token", "create", "contacthub", "--workspace", "shop", "--role", "king"
        )

        assert "'king' is not one of" in said

    def test_refuses_a_source_that_is_switched_off(self, shop: Commands, folder: Path) -> None:
        off = SHOP.replace("shop", "stall") + "        enabled: false\n"
        shop.apply(folder, off)

        said = shop.refusal(
            "token", "create", "contacthub", "--workspace", "stall", "--source", "till"
        )

        assert "the source till is switched off" in said


class TestList:
    def test_shows_nothing_that_could_be_used(self, shop: Commands, url: str) -> None:
        made = shop.json("token", "create", "contacthub", "--workspace", "shop", "--source", "till")

        said = shop.run("token", "list", "--workspace", "shop", "--json")

        assert made["id"] in said
        assert made["token"] not in said
        digests = rows(url, "SELECT encode(digest, 'hex') FROM tokens")
        assert all(digest not in said for (digest,) in digests)

    def test_names_the_source(self, shop: Commands) -> None:
        made = shop.json("token", "create", "contacthub", "--workspace", "shop", "--source", "till")

        lines = shop.run("token", "list", "--workspace", "shop").splitlines()

        assert f"{made['id']}  till  application  for good" in lines


class TestRevoke:
    def test_forgets_the_token(self, shop: Commands) -> None:
        made = shop.json("token", "create", "contacthub", "--workspace", "shop")

        revoked = shop.json("token", "revoke", made["id"], "--workspace", "shop")

        assert revoked == {"revoked": made["id"]}
        left = shop.json("token", "list", "--workspace", "shop")
        assert made["id"] not in {one["id"] for one in left}

    def test_refuses_one_that_is_not_there(self, shop: Commands) -> None:
        stranger = str(uuid4())

        said = shop.refusal("token", "revoke", stranger, "--workspace", "shop")

        assert f"token not found {stranger}" in said

    def test_does_not_reach_into_another_workspace(self, shop: Commands, folder: Path) -> None:
        shop.apply(folder, SHOP.replace("shop", "rival"))
        made = shop.json("token", "create", "contacthub", "--workspace", "shop")

        said = shop.refusal("token", "revoke", made["id"], "--workspace", "rival")

        assert "token not found" in said
        left = shop.json("token", "list", "--workspace", "shop")
        assert made["id"] in {one["id"] for one in left}


class TestSources:
    def test_take_their_tokens_with_them_when_they_change(
        self, shop: Commands, folder: Path, url: str
    ) -> None:
        market = SHOP.replace("shop", "market")
        shop.apply(folder, market)
        made = shop.json(
            "token", "create", "contacthub", "--workspace", "market", "--source", "till"
        )
        digest = sha256(made["token"].encode()).digest()
        query = (
            "SELECT tokens.enabled, name FROM tokens"
            " JOIN nodes ON node_id = ANY (node_ids) WHERE digest = $1"
        )

        moved = market.replace("sources:", "  - {name: yard}\n    sources:")
        moved = moved.replace("nodes: [counter]", "nodes: [yard]")
        shop.apply(folder, moved)
        there = rows(url, query, digest)
        shop.apply(folder, moved + "        enabled: false\n")
        off = rows(url, query, digest)
        shop.apply(folder, moved + "        enabled: true\n")

        assert there == [(True, "yard")]
        assert off == [(False, "yard")]
        assert rows(url, query, digest) == [(True, "yard")]

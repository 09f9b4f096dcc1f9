"""`onefold member`: people on staff are taken in, given credentials and let go."""

from tests.cli.commands import Commands
from tests.cli.databases import rows


class TestMember:
    def test_is_taken_in_listed_and_let_go(self, shop: Commands, url: str) -> None:
        place = ("--workspace", "shop")
        made = shop.json(
            "member", "add", "Ada@shop.example", *place, "--name", "Ada", "--node", "counter:both"
        )
        token = shop.json("member", "token", str(made["number"]), *place, "--days", "1")

        assert shop.json("member", "list", *place) == [made]
        assert (made["email"], made["roles"]) == ("ada@shop.example", ["user"])
        assert list(made["nodes"].values()) == ["both"]
        assert token["header"] == f"Authorization: Bearer {token['token']}"
        assert shop.json("member", "remove", str(made["number"]), *place)
        assert shop.json("member", "list", *place) == []
        assert rows(url, "SELECT 1 FROM tokens WHERE kind = 'member'") == []

    def test_refuses_what_is_not_there(self, shop: Commands) -> None:
        place = ("--workspace", "shop")
        add = ("member", "add", "eve@shop.example", *place, "--name", "Eve")

        assert "counter:none" in shop.refusal(*add, "--node", "counter:none")
        assert "user not found" in shop.refusal("member", "token", "77", *place)
        shop.run(*add)
        assert "there is a member" in shop.refusal(*add)

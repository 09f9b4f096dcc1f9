"""`onefold operator`: credentials that act in every workspace."""

from hashlib import sha256
from uuid import uuid4

from tests.cli.commands import Commands
from tests.cli.databases import rows


class TestOperator:
    def test_gets_a_token_bound_to_no_workspace(self, shop: Commands, url: str) -> None:
        made = shop.json("operator", "create", "--days", "2")

        digest = sha256(made["token"].encode()).digest()
        query = "SELECT kind, roles, workspace_id::text, sealed FROM tokens WHERE digest = $1"
        nowhere = "00000000-0000-0000-0000-000000000000"
        assert rows(url, query, digest) == [("operator", ["operator"], nowhere, None)]

    def test_is_listed_and_revoked(self, shop: Commands) -> None:
        made = shop.json("operator", "create")
        before = {one["id"] for one in shop.json("operator", "list")}

        shop.run("operator", "revoke", made["id"])

        after = {one["id"] for one in shop.json("operator", "list")}
        assert before - after == {made["id"]}
        assert "token not found" in shop.refusal("operator", "revoke", str(uuid4()))

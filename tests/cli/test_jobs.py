"""`onefold jobs`: what is being done, what failed, and how far it came."""

from pathlib import Path

from tests.cli.commands import Commands
from tests.cli.databases import ask, tell

FILE = "contact.email\nada@shop.example\nbob@shop.example\n"


def import_people(shop: Commands, url: str, folder: Path) -> str:
    file = folder / "jobs.csv"
    file.write_text(FILE, encoding="utf-8")
    node = str(ask(url, "SELECT node_id FROM nodes"))
    job: str = shop.json("import", str(file), "--node", node)["job"]
    return job


class TestJobs:
    def test_say_how_far_they_came(self, shop: Commands, url: str, folder: Path) -> None:
        assert shop.json("jobs", "--workspace", "shop") == []

        job = import_people(shop, url, folder)

        (one,) = shop.json("jobs", "--workspace", "shop")
        assert (one["id"], one["kind"], one["state"]) == (job, "import", "DONE")
        assert one["progress"]["rows"] == 2
        assert one["finished_at"] is not None
        assert job in shop.run("jobs", "--workspace", "shop")

    def test_can_be_told_by_their_state(self, shop: Commands, url: str) -> None:
        tell(url, "UPDATE jobs SET state = 'FAILED', error = 'the file is gone'")

        (failed,) = shop.json("jobs", "--workspace", "shop", "--state", "FAILED")

        assert failed["error"] == "the file is gone"
        assert shop.json("jobs", "--workspace", "shop", "--state", "DONE") == []
        assert "the file is gone" in shop.run("jobs", "--workspace", "shop")

    def test_are_those_of_a_workspace_that_there_is(self, shop: Commands) -> None:
        assert "workspace not found" in shop.refusal("jobs", "--workspace", "nowhere")

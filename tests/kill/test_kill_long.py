"""Many kills in a row, whoever it hits, while the clients never stop."""

import asyncio
import random
from collections.abc import Callable, Iterator

import pytest

from tests.cli.databases import wait_for
from tests.cli.places import quick_folder
from tests.kill.findings import findings
from tests.kill.load import Book, Load
from tests.kill.site import Site

ROUNDS = 30
ANSWERS_BETWEEN = 400
ROUND_SECONDS_MAX = 90.0
ANSWER_SECONDS_MAX = 30.0


@pytest.fixture
def site() -> Iterator[Site]:
    with quick_folder("kill") as folder:
        made = Site(folder)
        yield made
        made.serving.close()


@pytest.mark.slow
class TestManyKills:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_lose_nothing(self, site: Site, seed: int) -> None:
        book = wait_for(many_kills(site, random.Random(seed)))  # noqa: S311 - to be repeated

        assert findings(site.url, site.commands, book) == []
        assert book.faults == [], site.faults()
        assert book.seconds_max < ANSWER_SECONDS_MAX


async def many_kills(site: Site, chance: random.Random) -> Book:
    """Kills that the server must survive, and such after which it is started again."""
    survived: list[Callable[[], None]] = [site.kill_postgres, site.kill_keeper]
    ends: list[Callable[[], None]] = [site.kill_server, site.kill_all]
    async with Load(site.caller, "long") as load:
        for _ in range(ROUNDS):
            kill = chance.choice(survived + ends)
            async with asyncio.timeout(ROUND_SECONDS_MAX):
                await load.acknowledged(chance.randrange(ANSWERS_BETWEEN))
                kill()
                await site.restart_if(kill in ends)
                await load.acknowledged(1)
        async with asyncio.timeout(ROUND_SECONDS_MAX):
            await load.acknowledged(ANSWERS_BETWEEN)
    return load.book

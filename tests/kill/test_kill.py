"""SIGKILL under load: every acknowledged write is there afterwards, exactly once."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.cli.databases import wait_for
from tests.cli.places import quick_folder
from tests.kill.findings import findings
from tests.kill.load import Book, Load
from tests.kill.site import Site

ANSWERS_BEFORE = 100
ANSWERS_AFTER = 100
CUTS = 12
CUT_SECONDS = 0.1
ANSWER_SECONDS_MAX = 30.0
SCENE_SECONDS_MAX = 60.0


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with quick_folder("kill") as folder:
        made = Site(folder)
        yield made
        made.serving.close()


class TestKillOfTheServer:
    def test_loses_nothing(self, site: Site) -> None:
        book = wait_for(restart_after(site, "server", site.kill_server))

        assert book.lost > 0
        assert_whole(site, book)


class TestKillOfPostgresql:
    def test_loses_nothing_and_heals_without_a_restart(self, site: Site) -> None:
        before = site.postgres_started()

        book, readiness = wait_for(heal_after(site, "postgres", site.kill_postgres))

        assert site.postgres_started() != before
        assert 503 in readiness
        assert readiness[-1] == 200
        assert_whole(site, book)


class TestKillOfTheKeeper:
    def test_loses_nothing_and_heals_without_a_restart(self, site: Site) -> None:
        before = site.postgres_started()

        book, readiness = wait_for(heal_after(site, "keeper", site.kill_keeper))

        assert site.postgres_started() != before
        assert readiness[-1] == 200
        assert_whole(site, book)


class TestCutConnections:
    def test_lose_nothing(self, site: Site) -> None:
        async def scene() -> Book:
            async with asyncio.timeout(SCENE_SECONDS_MAX), Load(site.caller, "cut") as load:
                for _ in range(CUTS):
                    await site.cut_connections()
                    await asyncio.sleep(CUT_SECONDS)
                await load.acknowledged(ANSWERS_AFTER)
            return load.book

        assert_whole(site, wait_for(scene()))


class TestKillOfAll:
    def test_loses_nothing(self, site: Site) -> None:
        book = wait_for(restart_after(site, "all", site.kill_all))

        assert book.lost > 0
        assert_whole(site, book)


async def restart_after(site: Site, name: str, kill: Callable[[], None]) -> Book:
    """Writes, kills, starts the server again and goes on writing."""
    async with asyncio.timeout(SCENE_SECONDS_MAX), Load(site.caller, name) as load:
        await load.acknowledged(ANSWERS_BEFORE)
        kill()
        await site.restart()
        await load.acknowledged(ANSWERS_AFTER)
    return load.book


async def heal_after(site: Site, name: str, kill: Callable[[], None]) -> tuple[Book, list[int]]:
    """Writes, kills and only goes on writing; the book, and what /readyz said meanwhile."""
    over = asyncio.Event()
    async with asyncio.timeout(SCENE_SECONDS_MAX), Load(site.caller, name) as load:
        await load.acknowledged(ANSWERS_BEFORE)
        watching = asyncio.create_task(site.watch_readiness(over))
        kill()
        await load.acknowledged(ANSWERS_AFTER)
        over.set()
    return load.book, await watching


def assert_whole(site: Site, book: Book) -> None:
    assert findings(site.url, site.commands, book) == []
    assert book.faults == [], site.faults()
    assert book.seconds_max < ANSWER_SECONDS_MAX

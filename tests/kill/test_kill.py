"""SIGKILL under load: every acknowledged write is there afterwards, exactly once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.databases import wait_for
from tests.kill.findings import findings
from tests.kill.load import Book, Load
from tests.kill.site import Site

ANSWERS_BEFORE = 150
ANSWERS_AFTER = 150
ANSWER_SECONDS_MAX = 30.0


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with TemporaryDirectory(prefix="onefold-kill-") as folder:
        made = Site(Path(folder))
        yield made
        made.serving.close()


class TestKillOfTheServer:
    def test_loses_nothing(self, site: Site) -> None:
        async def scene() -> Book:
            async with Load(site.caller, "server") as load:
                await load.acknowledged(ANSWERS_BEFORE)
                site.kill_server()
                await site.restart()
                await load.acknowledged(ANSWERS_AFTER)
            return load.book

        book = wait_for(scene())

        assert book.lost > 0
        assert_whole(site, book)


class TestKillOfPostgresql:
    def test_loses_nothing_and_heals_without_a_restart(self, site: Site) -> None:
        before = site.count_restarts()

        book, readiness = wait_for(heal(site, "postgres", site.kill_postgres))

        assert site.count_restarts() != before
        assert readiness[-1] == 200
        assert_whole(site, book)


class TestKillOfTheKeeper:
    def test_loses_nothing_and_heals_without_a_restart(self, site: Site) -> None:
        before = site.count_restarts()

        book, readiness = wait_for(heal(site, "keeper", site.kill_keeper))

        assert site.count_restarts() != before
        assert readiness[-1] == 200
        assert_whole(site, book)


class TestKillOfAll:
    def test_loses_nothing(self, site: Site) -> None:
        async def scene() -> Book:
            async with Load(site.caller, "all") as load:
                await load.acknowledged(ANSWERS_BEFORE)
                site.kill_all()
                await site.restart()
                await load.acknowledged(ANSWERS_AFTER)
            return load.book

        book = wait_for(scene())

        assert book.lost > 0
        assert_whole(site, book)


async def heal(site: Site, name: str, kill: object) -> tuple[Book, list[int]]:
    raise NotImplementedError


def assert_whole(site: Site, book: Book) -> None:
    assert findings(site.url, site.commands, book) == []
    assert book.faults == []
    assert book.seconds_max < ANSWER_SECONDS_MAX

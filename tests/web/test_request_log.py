"""The request log: one line of JSON for each request, written a few times a second."""

import asyncio
import json
from io import StringIO

from onefold.web.request_log import FLUSH_SECONDS, WAITING_LINES_MAX, RequestLog
from tests.builders import NOON


def add(log: RequestLog, number: int = 1) -> None:
    log.add(
        at=NOON,
        request_id=f"{number:016x}",
        operation="contacthub/getCustomer",
        status=200,
        seconds=0.0123456,
    )


class BrokenPipe(StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError(text[:0])


class TestRequestLog:
    async def test_writes_a_line_of_json(self) -> None:
        stream = StringIO()
        log = RequestLog(stream)

        add(log)
        log.flush()

        assert json.loads(stream.getvalue()) == {
            "timestamp": "2026-03-02T12:00:00+00:00",
            "level": "info",
            "event": "request",
            "request_id": "0000000000000001",
            "operation": "contacthub/getCustomer",
            "status": 200,
            "ms": 12.35,
        }

    async def test_writes_by_itself_after_a_moment(self) -> None:
        stream = StringIO()
        log = RequestLog(stream)

        add(log, 1)
        add(log, 2)
        before = stream.getvalue()
        await asyncio.sleep(FLUSH_SECONDS * 1.5)

        assert before == ""
        assert len(stream.getvalue().splitlines()) == 2

    async def test_does_not_let_lines_pile_up(self) -> None:
        stream = StringIO()
        log = RequestLog(stream)

        for number in range(WAITING_LINES_MAX):
            add(log, number)

        assert len(stream.getvalue().splitlines()) == WAITING_LINES_MAX

    async def test_writes_each_line_once(self) -> None:
        stream = StringIO()
        log = RequestLog(stream)

        add(log)
        log.flush()
        log.flush()
        await asyncio.sleep(FLUSH_SECONDS * 1.5)

        assert len(stream.getvalue().splitlines()) == 1

    async def test_goes_on_when_nobody_reads_it_any_more(self) -> None:
        log = RequestLog(BrokenPipe())

        for number in range(WAITING_LINES_MAX + 1):
            add(log, number)
        log.flush()

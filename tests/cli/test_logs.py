"""What libraries say comes out as JSON too, without the values that their messages quote."""

import json
import subprocess
import sys

from tests.cli.serving import environment

PROGRAM = """
import asyncio, gc, logging, sys
import structlog
from onefold.logs import configure_logs

configure_logs(sys.argv[1])
structlog.get_logger().warning("ours", number=7)
logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
try:
    raise ValueError("ada@shop.example")
except ValueError:
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

async def forget() -> None:
    async def fail() -> None:
        raise LookupError("ada@shop.example")
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()

asyncio.run(forget())
"""


def written(log_format: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, log_format],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    assert ended.stdout == ""
    return ended.stderr


class TestLogs:
    def test_are_lines_of_json_whoever_writes(self) -> None:
        lines = [json.loads(line) for line in written("json").splitlines()]

        assert [(one["event"], one["level"]) for one in lines] == [
            ("ours", "warning"),
            ("Invalid HTTP request received.", "warning"),
            ("Exception in ASGI application", "error"),
            ("Task exception was never retrieved", "error"),
        ]
        assert all("timestamp" in one for one in lines)
        assert [one.get("error") for one in lines] == [None, None, "ValueError", "LookupError"]

    def test_quote_no_message_of_an_exception(self) -> None:
        assert "ada" not in written("json")
        assert "ada" not in written("text")

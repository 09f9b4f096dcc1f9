"""Logs: one JSON line for each request or job, on standard error, without personal data."""

import logging
import sys
from collections.abc import MutableMapping
from io import StringIO
from traceback import extract_tb
from typing import Any

import structlog

FRAMES_MAX = 12


def configure_logs(log_format: str = "json") -> None:
    """Sends structlog's events, and those of libraries, to standard error."""
    renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if log_format == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *shared,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=_StandardError()),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(shared, renderer)


class _StandardError(StringIO):
    """Whatever sys.stderr is when a line is written: loggers that live long outlive one of them."""

    def write(self, line: str, /) -> int:
        return sys.stderr.write(line)

    def flush(self) -> None:
        sys.stderr.flush()


def _configure_libraries(
    shared: list[structlog.typing.Processor], renderer: structlog.typing.Processor
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name, _without_values],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _without_values(
    _: object, __: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Of a library's message the first line, of its error kind and place: the rest quotes data."""
    event["event"] = str(event["event"]).partition("\n")[0]
    told = event.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else sys.exc_info()[1]
    if told and error is not None:
        frames = extract_tb(error.__traceback__)[-FRAMES_MAX:]
        event["error"] = type(error).__name__
        event["where"] = [f"{one.filename.rpartition('/')[2]}:{one.lineno}" for one in frames]
    return event

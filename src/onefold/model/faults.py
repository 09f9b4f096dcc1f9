"""What may be told of a fault in a log: where and what kind, never the values at hand."""

from traceback import extract_tb

FRAMES_MAX = 12


def describe_fault(error: BaseException) -> dict[str, object]:
    """Kinds and places of an error and its causes; messages are left out, they quote data."""
    told: dict[str, object] = {"error": type(error).__name__, "where": _frames(error)}
    state = getattr(error, "sqlstate", None)
    if state:
        told["sqlstate"] = state
    if error.__cause__ is not None:
        told["cause"] = describe_fault(error.__cause__)
    return told


def _frames(error: BaseException) -> list[str]:
    frames = extract_tb(error.__traceback__)[-FRAMES_MAX:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]

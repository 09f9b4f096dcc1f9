"""The places inside a body, and what goes wrong in them."""

from collections.abc import Iterator

from tests.dialects.contacthub.people import Json


def leaves(value: Json, path: str = "") -> Iterator[str]:
    """Give the path of everything in a body that is no object and no list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from leaves(inner, f"{path}/{position}")
    else:
        yield path


def branches(value: Json, path: str = "") -> Iterator[str]:
    """Give the path of every object and list in a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, one in inner:
        if isinstance(one, dict | list):
            yield f"{path}/{name}"
            yield from branches(one, f"{path}/{name}")


OF_EACH_TYPE: list[Json] = [7, "text", True, {"a": 1}, [["a"]]]
FITTING = {(float, int), (type(None), str)}
"""Types that go where another was: a whole number is a number, and a password is a text."""


def put_at(body: Json, path: str, value: Json) -> None:
    *parents, last = path.strip("/").split("/")
    for name in parents:
        body = body[int(name)] if isinstance(body, list) else body[name]
    if isinstance(body, list):
        body[int(last)] = value
    else:
        body[last] = value


def value_at(body: Json, path: str) -> Json:
    for name in path.strip("/").split("/"):
        body = body[int(name)] if isinstance(body, list) else body[name]
    return body

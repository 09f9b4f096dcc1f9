"""Bodies: read within their limit, decoded without surprises."""

import pytest
from starlette.types import Message, Receive

from onefold.model.errors import Invalid, TooLarge
from onefold.web.bodies import ClientGone, decode_json, read_body
from onefold.web.limits import NESTING_MAX


class Channel:
    """What a server hands over, message by message."""

    def __init__(self, *messages: Message) -> None:
        self._messages = list(messages)
        self.left = len(messages)

    @property
    def receive(self) -> Receive:
        async def receive() -> Message:
            self.left -= 1
            return self._messages.pop(0)

        return receive


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


GONE: Message = {"type": "http.disconnect"}


class TestReadBody:
    async def test_joins_the_parts(self) -> None:
        channel = Channel(part(b"on", more=True), part(b"e", more=True), part(b"fold"))

        assert await read_body(channel.receive, bytes_max=7) == b"onefold"

    async def test_takes_a_body_of_exactly_the_limit(self) -> None:
        assert await read_body(Channel(part(b"1234")).receive, bytes_max=4) == b"1234"

    async def test_refuses_one_byte_more(self) -> None:
        with pytest.raises(TooLarge, match="larger than 4 bytes"):
            await read_body(Channel(part(b"12345")).receive, bytes_max=4)

    async def test_stops_reading_when_it_is_too_much(self) -> None:
        channel = Channel(*(part(b"123", more=True) for _ in range(100)))

        with pytest.raises(TooLarge):
            await read_body(channel.receive, bytes_max=4)

        assert channel.left == 98

    async def test_takes_an_empty_body(self) -> None:
        assert await read_body(Channel({"type": "http.request"}).receive, bytes_max=4) == b""

    @pytest.mark.parametrize("before", [[], [part(b"half", more=True)]])
    async def test_tells_that_the_client_has_gone(self, before: list[Message]) -> None:
        with pytest.raises(ClientGone):
            await read_body(Channel(*before, GONE).receive, bytes_max=100)


class TestDecodeJson:
    @pytest.mark.parametrize(
        ("body", "value"),
        [
            (b"null", None),
            (b'{"a": [1, 2.5, "\xc3\xbc", true]}', {"a": [1, 2.5, "ü", True]}),
            (b'"\\ud83d\\ude00"', "😀"),
            (b' {"a" : 1 } ', {"a": 1}),
            (b'{"a":{"b":1},"c":{"b":2}}', {"a": {"b": 1}, "c": {"b": 2}}),
        ],
    )
    def test_reads_what_is_right(self, body: bytes, value: object) -> None:
        assert decode_json(body) == value

    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b"{'a': 1}", b"[1,]", b"NaN", b"Infinity", b'"\xff"', b'"\\ud800"', b"1 2"],
    )
    def test_refuses_what_is_no_json(self, body: bytes) -> None:
        with pytest.raises(Invalid, match="not valid JSON"):
            decode_json(body)

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            (b'{"a":1,"a":2}', "/a"),
            (b'{"a":1,"\\u0061":2}', "/a"),
            (b'{"a" :1,"a": 2}', "/a"),
            (b'{"b":[{"x/y":1,"x/y":2}]}', "/b/0/x~1y"),
        ],
    )
    def test_refuses_a_key_given_twice(self, body: bytes, place: str) -> None:
        with pytest.raises(Invalid, match="a key is given twice") as refusal:
            decode_json(body)

        assert [one.path for one in refusal.value.fields] == [place]

    @pytest.mark.parametrize(
        ("body", "place"),
        [(b'{"a":"x\\u0000"}', "/a"), (b'[["\\u0000"]]', "/0/0"), (b'{"a":{"\\u0000":1}}', "/a")],
    )
    def test_refuses_nul(self, body: bytes, place: str) -> None:
        with pytest.raises(Invalid, match="NUL") as refusal:
            decode_json(body)

        assert [one.path for one in refusal.value.fields] == [place]

    def test_takes_a_backslash_before_what_only_looks_like_nul(self) -> None:
        assert decode_json(b'"\\\\u0000"') == "\\u0000"

    def test_takes_as_many_levels_as_it_may(self) -> None:
        decode_json(b"[" * NESTING_MAX + b"]" * NESTING_MAX)

    @pytest.mark.parametrize("levels", [NESTING_MAX + 1, 1000, 30_000])
    def test_refuses_more_levels(self, levels: int) -> None:
        with pytest.raises(Invalid, match=f"deeper than {NESTING_MAX} levels"):
            decode_json(b"[" * levels + b"]" * levels)

    def test_does_not_take_many_flat_objects_for_depth(self) -> None:
        assert len(decode_json(b"[" + b",".join([b"{}"] * 500) + b"]")) == 500

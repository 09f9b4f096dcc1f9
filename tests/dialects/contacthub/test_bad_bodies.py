"""Bodies that no client should send: each is refused, tells nothing and leaves no trace."""

import json
from collections.abc import Iterator

import pytest

from onefold.actions.context import Context
from onefold.model.access import Role
from tests.builders import make_shop
from tests.contracts.recorder import ContractTransport
from tests.dialects.contacthub.clients import Api, Clients
from tests.dialects.contacthub.people import Json, event_body, read_customer
from tests.dialects.contacthub.places import OF_EACH_TYPE, branches, leaves, put_at, value_at
from tests.dialects.contacthub.scenes import WITH_BODY, Example, Scene, make_scene
from tests.dialects.contacthub.snapshots import snapshot

every_body = pytest.mark.parametrize("example", WITH_BODY, ids=lambda one: one.operation)

PERSONAL = "eve.personal@secret.example"
DEEP = 10_000
NOT_JSON = {
    "nothing": b"",
    "a blank": b" ",
    "half an object": b'{"type": "' + PERSONAL.encode(),
    "a word": PERSONAL.encode(),
    "single quotes": b"{'a': 1}",
    "a comma too much": b'{"a": 1,}',
    "a comment": b'{"a": 1} // ' + PERSONAL.encode(),
    "two values": b"{}{}",
    "NaN": b'{"extra": NaN}',
    "Infinity": b'{"extra": Infinity}',
    "minus Infinity": b'{"extra": -Infinity}',
    "hexadecimal": b'{"extra": 0x10}',
    "a leading zero": b'{"extra": 010}',
    "a raw line break in a text": b'{"extra": "a\nb"}',
    "a raw NUL in a text": b'{"extra": "a\0b"}',
    "a NUL behind it": b"{}\0",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"extra": "a"}'.encode("utf-16"),
    "UTF-32": '{"extra": "a"}'.encode("utf-32-le"),
    "Latin-1": '{"extra": "ü"}'.encode("latin-1"),
    "bytes that are no text": b'{"extra": "\xff\xfe"}',
    "an overlong form": b'{"extra": "\xc0\x80"}',
    "a surrogate in UTF-8": b'{"extra": "\xed\xa0\x80"}',
    "a lone high surrogate": b'{"extra": "\\ud800"}',
    "a lone low surrogate": b'{"extra": "\\udc00 at the end of a text"}',
    "a surrogate in a key": b'{"\\ud800x": "a text behind it"}',
    "half an escape": b'{"extra": "\\u12"}',
    "a number without end": b'{"extra": 1e400}',
    "a negative number without end": b'{"extra": -1e400}',
    "a form": b"extra=1&more=2",
    "compressed": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02",
}
NOT_AN_OBJECT = ["[]", "[{}]", "7", "-0", "1.5", '"text"', "true", "false", "null"]
TOO_DEEP = {
    "lists": b"[" * DEEP + b"]" * DEEP,
    "lists without end": b"[" * DEEP,
    "objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "mixed": b'[{"a":' * DEEP + b"1" + b"}]" * DEEP,
    "a part": b'{"extra": ' + b"[" * 70 + b"]" * 70 + b"}",
}


@pytest.fixture(scope="module")
async def scene(context: Context, transport: ContractTransport) -> Scene:
    shop = await make_shop(context)
    return await make_scene(Clients(transport, shop), shop)


@pytest.fixture(scope="module")
async def anybody(transport: ContractTransport, scene: Scene) -> Api:
    """A caller that may do everything, so that nothing else is in the way."""
    token = await scene.shop.token_for(*Role)
    return Clients(transport, scene.shop).bearing(token)


async def refused(anybody: Api, example: Example, scene: Scene, content: bytes) -> list[str]:
    """Send a body that is refused; give the paths that the answer names."""
    answer = await example.send(anybody, scene, content=content)
    assert answer.status_code == 400, (content[:80], answer.text)
    assert PERSONAL not in answer.text
    return [one["path"] for one in answer.json()["errors"]]


def text_of(scene: Scene, example: Example, body: Json) -> bytes:
    del example
    return json.dumps(scene.filled(body)).encode()


@every_body
class TestBodies:
    async def test_that_are_no_json_are_refused(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        before = await snapshot(scene.shop)

        for content in NOT_JSON.values():
            assert await refused(anybody, example, scene, content) == []

        assert await snapshot(scene.shop) == before

    async def test_that_are_no_objects_are_refused_as_a_whole(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        before = await snapshot(scene.shop)

        for text in NOT_AN_OBJECT:
            assert await refused(anybody, example, scene, text.encode()) == [""]

        assert await snapshot(scene.shop) == before

    async def test_that_are_too_deep_are_refused(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        before = await snapshot(scene.shop)

        for content in TOO_DEEP.values():
            assert len(content) < 150_000
            if len(content) > 65_536:
                answer = await example.send(anybody, scene, content=content)
                assert answer.status_code == 413
            else:
                assert await refused(anybody, example, scene, content) == []

        assert await snapshot(scene.shop) == before

    async def test_of_more_than_64_kilobytes_are_too_large(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        before = await snapshot(scene.shop)
        content = text_of(scene, example, example.body)

        answer = await example.send(anybody, scene, content=content.ljust(65_537))

        assert answer.status_code == 413
        assert answer.json()["errors"] == []
        assert await snapshot(scene.shop) == before

    async def test_with_a_key_given_twice_are_refused(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        before = await snapshot(scene.shop)
        body = text_of(scene, example, example.body)
        again = b'{"x": 1, "x": 2, ' + body[1:]
        escaped = b'{"x": 1, "\\u0078": 2, ' + body[1:]
        spaced = b'{"x" : 1, "x"\n: 2, ' + body[1:]
        inside = b'{"y": [{"z": {"a/b": 1, "a/b": 1}}], ' + body[1:]

        for content in (again, escaped, spaced):
            assert await refused(anybody, example, scene, content) == ["/x"]
        assert await refused(anybody, example, scene, inside) == ["/y/0/z/a~1b"]

        assert await snapshot(scene.shop) == before

    async def test_with_a_nul_are_refused_where_it_stands(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        before = await snapshot(scene.shop)
        for path, body in with_each_text_changed(scene.filled(example.body), "a\0b"):
            found = await refused(anybody, example, scene, json.dumps(body).encode())
            assert found == [path]
        for body in ({"a\0": 1}, {"more": {"\0": "x"}}, {"more": [{"a\0": {}}]}):
            mixed = {**scene.filled(example.body), **body}
            found = await refused(anybody, example, scene, json.dumps(mixed).encode())
            assert len(found) == 1
            assert "\0" not in found[0]

        assert await snapshot(scene.shop) == before


@every_body
class TestTypes:
    async def test_that_do_not_fit_are_named(
        self, example: Example, anybody: Api, scene: Scene
    ) -> None:
        """Each value of a good body is replaced by one of every other type."""
        good = scene.filled(example.body)
        before = await snapshot(scene.shop)
        for path in [*leaves(good), *branches(good)]:
            kind = type(value_at(good, path))
            for wrong in OF_EACH_TYPE:
                body = scene.filled(example.body)
                put_at(body, path, wrong)
                if type(wrong) is kind:
                    continue
                found = await refused(anybody, example, scene, json.dumps(body).encode())
                assert found[0].startswith(path), (path, wrong, found)

        assert await snapshot(scene.shop) == before


def with_each_text_changed(body: Json, text: str) -> Iterator[tuple[str, Json]]:
    """Give the body once for each of its texts, with that one replaced."""
    if isinstance(body, str):
        yield "", text
    elif isinstance(body, dict | list):
        for name, inner in body.items() if isinstance(body, dict) else enumerate(body):
            for path, changed in with_each_text_changed(inner, text):
                whole = dict(body) if isinstance(body, dict) else list(body)
                whole[name] = changed
                yield f"/{name}{path}", whole


class TestNumbers:
    """Numbers that JSON can write and few machines can hold."""

    @pytest.mark.parametrize("digits", [20, 400, 4299, 4300, 4301, 5000])
    @pytest.mark.parametrize("sign", ["", "-"])
    async def test_with_many_digits_are_stored_to_the_digit_or_refused(
        self, anybody: Api, scene: Scene, digits: int, sign: str
    ) -> None:
        number = f"{sign}1{'0' * (digits - 1)}"
        places = {
            '{"base": {"educations": [{"id": "1", "startYear": N}]}}',
            '{"base": {"address": {"geo": {"lat": N, "lon": 0}}}}',
            '{"version": N}',
            '{"version" : N}',
        }
        for text in places:
            content = text.replace("N", number).encode()
            answer = await anybody.patch(f"/customers/{scene.customer}", content=content)
            assert answer.status_code in {200, 400}, answer.text[:300]
        assert (await anybody.get(f"/customers/{scene.customer}")).status_code == 200

    @pytest.mark.parametrize("number", ["1e308", "-1e308", "5e-324", "1e-400", "-0.0", "0.1", "-0"])
    async def test_at_the_ends_are_stored(self, anybody: Api, scene: Scene, number: str) -> None:
        text = '{"base": {"address": {"geo": {"lat": N, "lon": 0}}}}'.replace("N", number)

        answer = await anybody.patch(f"/customers/{scene.customer}", content=text.encode())

        assert answer.status_code == 200
        shown = await read_customer(anybody, scene.customer)
        assert shown["base"]["address"]["geo"]["lat"] == float(number)

    @pytest.mark.parametrize(
        "number", ["1e308", "-1e308", "1e-300", "1" + "0" * 100, "1" + "0" * 1000, "0.1", "-0"]
    )
    async def test_of_money_are_counted_or_refused(
        self, anybody: Api, scene: Scene, number: str
    ) -> None:
        before = await snapshot(scene.shop)
        order = event_body(scene.customer, type="completedOrder")
        order["properties"] = {"amount": {"total": "N"}}
        content = json.dumps(order).replace('"N"', number).encode()

        answer = await anybody.post("/events", content=content)

        assert answer.status_code in {202, 400}, answer.text
        assert (await snapshot(scene.shop) == before) is (answer.status_code == 400)


class TestTexts:
    """Texts that are odd and good: they come back to the letter."""

    @pytest.mark.parametrize(
        "text",
        [
            " ",
            "  two blanks  ",
            "\t\n\r",
            "\x01\x1f\x7f",
            "\u0085\u2028\u2029",
            "\ufeff\ufffe\uffff",
            "\U0010ffff",
            "👩‍👩‍👧‍👦",
            "e\u0301",
            "\u202eright to left",
            "ﷺ" * 20,
            "'; DROP TABLE customers; --",
            '"quoted" \\ and / and $1 and %s and {0}',
            "<script>alert(1)</script>",
            "null",
            "\\u0000",
            "a" * 255,
        ],
    )
    async def test_come_back_to_the_letter(self, anybody: Api, scene: Scene, text: str) -> None:
        body = {
            "base": {"firstName": text, "likes": [{"id": text, "name": text}]},
            "tags": {"manual": [text]},
            "extra": text,
        }

        answer = await anybody.patch(f"/customers/{scene.customer}", json=body)

        assert answer.status_code == 200, answer.text
        shown = await read_customer(anybody, scene.customer)
        assert shown["base"]["firstName"] == text
        assert shown["base"]["likes"][0]["id"] == text
        assert shown["tags"]["manual"] == [text]
        assert shown["extra"] == text

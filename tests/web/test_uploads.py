"""Forms with a file: taken in piece by piece, refused with the part that is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from onefold.model.errors import Invalid, Refusal, TooLarge
from onefold.web import uploads
from onefold.web.bodies import ClientGone
from onefold.web.uploads import receive_upload

BOUNDARY = b"limit"
FORM = b"multipart/form-data; boundary=limit"


def part(name: str, value: bytes, *, filename: str | None = None) -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    head = f'--limit\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode("utf-8", "surrogateescape") + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--limit--\r\n"


FILE = part("file", b"a,b\n1,2\n", filename="people.csv")
OPERATION = part("operation", b"UPSERT")


async def received(
    chunks: Sequence[bytes], headers: Mapping[bytes, bytes] | None = None, *, gone: bool = False
) -> tuple[bytes, str, dict[str, str]]:
    """File, name and fields of a body that comes in chunks."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]
    messages.append({"type": "http.disconnect"} if gone else {"type": "http.request"})
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        return next(waiting)

    async with receive_upload(receive, headers or {b"content-type": FORM}) as upload:
        return upload.file.read(), upload.name, dict(upload.fields)


async def refusal(body: bytes, headers: Mapping[bytes, bytes] | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await received([body], headers)
    return caught.value


class TestReceiving:
    @pytest.mark.parametrize("size", [1, 7, 100_000])
    async def test_takes_a_form_in_pieces_of_any_size(self, size: int) -> None:
        body = form(OPERATION, FILE, part("entity", b"EVENT"))
        chunks = [body[start : start + size] for start in range(0, len(body), size)]

        found = await received(chunks)

        assert found == (
            b"a,b\n1,2\n",
            "people.csv",
            {"operation": "UPSERT", "entity": "EVENT"},
        )

    async def test_keeps_bytes_that_look_like_a_boundary(self) -> None:
        content = b"x\r\n--limi\r\n--\r\n\r\n--limits"

        file, _, _ = await received([form(part("file", content, filename="a"))])

        assert file == content

    async def test_holds_a_large_file_outside_of_the_memory(self) -> None:
        chunk = b"x" * 65_536
        chunks = [part("file", b"", filename="a")[:-2], *[chunk] * 40, b"\r\n--limit--\r\n"]

        file, _, _ = await received(chunks)

        assert file == chunk * 40


class TestRefusing:
    @pytest.mark.parametrize(
        "content_type",
        [
            b"",
            b"application/json",
            b"text/csv",
            b"multipart/form-data",
            b"multipart/mixed; boundary=a",
            b"multipart/form-data; boundary=" + b"x" * 71,
        ],
    )
    async def test_what_is_no_form(self, content_type: bytes) -> None:
        refused = await refusal(form(FILE), {b"content-type": content_type})

        assert refused.fields[0].path == "Content-Type"

    @pytest.mark.parametrize(
        ("parts", "path", "message"),
        [
            ([OPERATION], "/file", "is required"),
            ([FILE, FILE], "/file", "is given twice"),
            ([FILE, OPERATION, OPERATION], "/operation", "is given twice"),
            ([part("file", b"a,b")], "/file", "must be a file"),
            ([part("operation", b"x", filename="x")], "/operation", "must not be a file"),
            ([FILE, part("operation", b"x" * 1001)], "/operation", "is longer than 1000 bytes"),
            ([FILE, part("operation", b"\xff")], "/operation", "is not valid UTF-8"),
            ([FILE, part("operation", b"\0")], "/operation", "holds a NUL character"),
            ([part("file", b"a", filename="\udcff")], "/file", "is not valid UTF-8"),
        ],
    )
    async def test_a_part_that_is_wrong(self, parts: list[bytes], path: str, message: str) -> None:
        refused = await refusal(form(*parts))

        (found,) = refused.fields
        assert found.path == path
        assert message in found.message

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"a,b\n1,2\n",
            FILE,
            form(FILE)[:-6],
            b"--limit\r\n\r\nx\r\n--limit--\r\n",
            b"--limit\r\nContent-Disposition: form-data\r\n\r\nx\r\n--limit--\r\n",
            b"--limit\r\nbad header\r\n\r\nx\r\n--limit--\r\n",
            b"--limit\r\nX: " + b"y" * 9_000 + b"\r\n\r\nx\r\n--limit--\r\n",
            form(*[part(f"f{number}", b"") for number in range(21)]),
        ],
    )
    async def test_a_body_that_is_no_whole_form(self, body: bytes) -> None:
        assert isinstance(await refusal(body), Invalid)

    async def test_a_file_that_is_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "UPLOAD_BYTES_MAX", 10)

        refused = await refusal(form(part("file", b"x" * 11, filename="a")))
        fits, _, _ = await received([form(part("file", b"x" * 10, filename="a"))])

        assert isinstance(refused, TooLarge)
        assert refused.fields[0].path == "/file"
        assert fits == b"x" * 10

    async def test_a_length_that_is_too_large_before_anything_is_read(self) -> None:
        headers = {b"content-type": FORM, b"content-length": b"999999999999"}

        assert isinstance(await refusal(form(FILE), headers), TooLarge)

    async def test_nothing_when_the_client_has_hung_up(self) -> None:
        with pytest.raises(ClientGone):
            await received([form(FILE)[:40]], gone=True)

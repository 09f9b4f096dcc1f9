"""Files that wait for their jobs: in the database, so that workers on any machine have them."""

from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from onefold.actions.context import Context
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor, Permission
from onefold.model.uploads import without_records
from onefold.store import uploads

PIECE_BYTES = 262_144


async def keep_upload(tx: Transaction, actor: Actor, *, job_id: UUID, file: IO[bytes]) -> None:
    """Stores the file with whatever else the transaction does; it goes when the job is finished."""
    actor.require(Permission.IMPORT)
    for number, content in enumerate(_pieces(file)):
        await uploads.insert_piece(
            tx, actor.workspace_id, job_id=job_id, piece=number, content=content
        )


async def fetch_upload(context: Context, actor: Actor, *, job_id: UUID) -> IO[bytes]:
    """A copy of the file on disk, without a name, at its beginning; the caller closes it."""
    actor.require(Permission.IMPORT)
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - the caller closes it
    number = 0
    while True:
        async with context.database.reading() as tx:
            content = await uploads.find_piece(tx, actor.workspace_id, job_id=job_id, piece=number)
        if content is None:
            break
        file.write(content)
        number += 1
    file.seek(0)
    return file


async def clear_uploads(tx: Transaction, actor: Actor, *, texts: Sequence[str]) -> int:
    """Blanks records that hold one of the texts, in small letters; how many pieces had some."""
    cleared = 0
    for job_id, number in await uploads.list_pieces(tx, actor.workspace_id):
        content = await uploads.find_piece(tx, actor.workspace_id, job_id=job_id, piece=number)
        if content is None or without_records(content, texts) is None:
            continue
        locked = await uploads.lock_piece(tx, actor.workspace_id, job_id=job_id, piece=number)
        left = without_records(locked or b"", texts)
        if left is not None:
            await uploads.replace_piece(
                tx, actor.workspace_id, job_id=job_id, piece=number, content=left
            )
            cleared += 1
    return cleared


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Pieces that end where a line ends, so that whoever looks for a record finds it in one."""
    file.seek(0)
    begun = b""
    while chunk := file.read(PIECE_BYTES):
        content, line_end, rest = (begun + chunk).rpartition(b"\n")
        if line_end and len(rest) < PIECE_BYTES:
            yield content + line_end
            begun = rest
        else:
            yield content + line_end + rest
            begun = b""
    if begun:
        yield begun

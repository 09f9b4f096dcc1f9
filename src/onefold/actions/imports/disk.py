"""A table of numbers in a temporary file: what a whole file must remember, in little memory."""

import mmap
from tempfile import TemporaryFile
from typing import IO

SLOTS_AT_START = 1 << 16
SLOT_BYTES = 16
_FULL = 0.6


class DiskTable:
    """64-bit key -> 64-bit number above 0, by open addressing in a mapped file.

    The pages belong to the file, so the system writes them out and drops them as it likes. Two
    keys are one when their 64 bits are: with a hundred million of them that is a chance of one in
    three thousand, for one wrong row.
    """

    def __init__(self) -> None:
        self._used = 0
        self._open(SLOTS_AT_START)

    def get(self, key: int) -> int:
        """0 for a key that was never put."""
        return self._slots[2 * self._slot(key or 1) + 1]

    def put(self, key: int, number: int) -> None:
        place = self._slot(key or 1)
        if not self._slots[2 * place]:
            self._used += 1
        self._slots[2 * place] = key or 1
        self._slots[2 * place + 1] = number
        if self._used > self._many * _FULL:
            self._grow()

    def close(self) -> None:
        self._slots.release()
        self._map.close()
        self._file.close()

    def _slot(self, key: int) -> int:
        """Where the key stands, or the free slot where it would."""
        slots, mask = self._slots, self._many - 1
        place = (key ^ key >> 32) & mask
        while (found := slots[2 * place]) and found != key:
            place = place + 1 & mask
        return place

    def _open(self, many: int) -> None:
        self._many = many
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by close()
        self._file.truncate(many * SLOT_BYTES)
        self._map = mmap.mmap(self._file.fileno(), many * SLOT_BYTES)
        self._slots = memoryview(self._map).cast("Q")

    def _grow(self) -> None:
        """Moves everything into a table twice as large."""
        slots, file, mapped, many = self._slots, self._file, self._map, self._many
        self._open(many * 2)
        for place in range(0, 2 * many, 2):
            key = slots[place]
            if key:
                target = 2 * self._slot(key)
                self._slots[target], self._slots[target + 1] = key, slots[place + 1]
        slots.release()
        mapped.close()
        file.close()


def key_of(digest: bytes) -> int:
    """The key of something that has been hashed."""
    return int.from_bytes(digest[:8], "big")

"""Fewer rounds of the cycle collector while rows pass through by the million."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG_OBJECTS_MAX = 100_000
"""More than two batches make, so that none is looked through while it is alive."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Leaves the records of a batch to reference counting, which frees every one of them.

    They hold no cycles, and live just long enough to be looked through several times: that was 30
    in 100 of an import's time. What leaks into cycles elsewhere is still found, later.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS_MAX, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

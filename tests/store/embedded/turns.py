"""Many quick leases one after another, to run at the same time as another of the same kind.

python turns.py DATA_DIR CYCLES SEED
"""

import asyncio
import random
import sys
import time
from pathlib import Path

import asyncpg

from onefold.store.embedded import Lease, acquire


async def ask(lease: Lease) -> None:
    connection = await asyncpg.connect(lease.dsn())
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()


def main(data_dir: Path, cycles: int, seed: int) -> None:
    pauses = random.Random(seed)  # noqa: S311 - repeatable, not secret
    for _ in range(cycles):
        with acquire(data_dir) as lease:
            asyncio.run(ask(lease))
            time.sleep(pauses.choice([0, 0, 0.01, 0.03]))
        time.sleep(pauses.choice([0, 0.01, 0.05, 0.1, 0.15]))
    sys.stdout.write(f"{cycles} turns\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

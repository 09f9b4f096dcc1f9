"""A command that holds a lease, as `serve` or `import` would: run by tests as its own process.

    python holder.py DATA_DIR [BIN_DIR]

It says one line when it has the lease, obeys one word a line, and answers each with one line.
"""

import sys
from pathlib import Path

from onefold.store.embedded import ServerUnavailable, acquire


def main(arguments: list[str]) -> None:
    places = [Path(argument) for argument in arguments]
    try:
        lease = acquire(places[0], *places[1:])
    except ServerUnavailable as refusal:
        say(f"refused {refusal}")
        return
    say(f"holds {lease.dsn()}")
    for line in sys.stdin:
        if line.strip() == "ensure":
            lease.ensure()
        elif line.strip() == "release":
            lease.release()
        else:
            break
        say(f"done {lease.dsn()}")


def say(line: str) -> None:
    sys.stdout.write(line.replace("\n", " | ") + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

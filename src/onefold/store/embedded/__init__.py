"""PostgreSQL with nothing to install: one server per data directory, shared by our processes.

    with acquire(Path("data")) as lease:
        await asyncpg.connect(lease.dsn())

The first lease starts the server, the last one to go stops it; see keeper.py for who sees to that.
"""

from onefold.store.embedded.errors import ServerUnavailable
from onefold.store.embedded.lease import Lease, acquire
from onefold.store.embedded.report import Status, status
from onefold.store.embedded.talk import State

__all__ = ["Lease", "ServerUnavailable", "State", "Status", "acquire", "status"]

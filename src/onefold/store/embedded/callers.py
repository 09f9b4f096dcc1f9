"""The keeper's end of its callers' connections, and the one place where it sleeps."""

import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from onefold.store.embedded.talk import Answer, Word, encode

WORD_BYTES_MAX = 64


@dataclass(slots=True, eq=False)
class Caller:
    link: socket.socket
    holds: bool = False
    """Has a lease."""
    waits: bool = False
    """Wants to hear when the server is ready."""
    leaves: bool = False
    """Gave its lease up and wants to see the end."""
    unread: bytes = b""


@dataclass(slots=True)
class Callers:
    """Everybody on the line. `wait` wakes for them, for signals and for nothing else."""

    listener: socket.socket
    describe: Callable[[], Answer]
    """What a caller who asks for the status is told."""
    _callers: list[Caller] = field(default_factory=list)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _alarm: socket.socket = field(init=False)
    _bell: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._alarm, self._bell = socket.socketpair()
        self._alarm.setblocking(False)
        self._bell.setblocking(False)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._alarm, selectors.EVENT_READ)
        self._selector.register(self.listener, selectors.EVENT_READ)

    @property
    def holders(self) -> int:
        return sum(caller.holds for caller in self._callers)

    def wait(self, seconds: float | None) -> None:
        """Sleep until somebody calls, hangs up or dies, but not longer than this."""
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self._alarm:
                with suppress(BlockingIOError):
                    self._alarm.recv(4096)
            elif key.fileobj is self.listener:
                self._accept()
            else:
                self._hear(key.data)

    def pause(self, seconds: float) -> None:
        """Sleep for this long, hearing callers all the while."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.wait(left)

    def answer_waiting(self, answer: Answer) -> int:
        """Answer those who wait to hear whether there is a server, and say how many they were."""
        waiting = [caller for caller in self._callers if caller.waits]
        for caller in waiting:
            caller.waits = False
            self._send(caller, answer)
        return len(waiting)

    def dismiss_leaving(self) -> None:
        for caller in [caller for caller in self._callers if caller.leaves]:
            self._drop(caller)

    def close(self) -> None:
        for caller in list(self._callers):
            self._drop(caller)
        self._selector.close()
        signal.set_wakeup_fd(-1)
        self._alarm.close()
        self._bell.close()

    def _accept(self) -> None:
        try:
            link, _ = self.listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        link.setblocking(False)
        caller = Caller(link)
        self._callers.append(caller)
        self._selector.register(link, selectors.EVENT_READ, caller)

    def _hear(self, caller: Caller) -> None:
        try:
            heard = caller.link.recv(WORD_BYTES_MAX)
        except BlockingIOError:
            return
        except ConnectionError:
            heard = b""
        *words, caller.unread = (caller.unread + heard).split(b"\n")
        for word in words:
            self._obey(caller, word.decode("ascii", "replace"))
        if not heard or len(caller.unread) > WORD_BYTES_MAX:
            self._drop(caller)

    def _obey(self, caller: Caller, word: str) -> None:
        if word == Word.LEASE:
            caller.holds = caller.waits = True
        elif word == Word.RELEASE:
            caller.holds = caller.waits = False
            caller.leaves = True
            if self.holders:
                self._drop(caller)
        elif word == Word.STATUS:
            self._send(caller, {**self.describe(), "leases": self.holders})

    def _send(self, caller: Caller, answer: Answer) -> None:
        # An answer fits the empty buffer of a socket; who does not read it has hung up.
        try:
            caller.link.sendall(encode(answer))
        except OSError:
            self._drop(caller)

    def _drop(self, caller: Caller) -> None:
        if caller in self._callers:
            self._callers.remove(caller)
            self._selector.unregister(caller.link)
            caller.link.close()

"""One client that was let in: what it sends, and the thread that runs its lines; knows no debugger."""

from __future__ import annotations

import _thread
import socket
import sys
import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from pdbleak import descriptors
from pdbleak._native import stop
from pdbleak.remote import turns, wire
from pdbleak.remote.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.remote.place import Peer
    from pdbleak.remote.wire import Message

# Seconds in which a message, once begun, has to come to its end, and in which a client has to say who it is.
PATIENCE = 5.0


class Client:
    """A connection that was let in, and the thread that runs its lines."""

    def __init__(self, connection: socket.socket, who: Peer, stir: Callable[[], None]) -> None:
        """Expect the first message; `stir` is called when all is said."""
        self.stir = stir
        self.connection = connection
        self.peer = who
        self.parser = wire.Parser(wire.TO_PROGRAM)
        self.deadline = monotonic() + PATIENCE
        self.talk: Talk | None = None
        self.is_read = True
        self.is_done = False

    def read(self) -> None:
        """Take what has come; whatever is no message ends the connection."""
        try:
            data = self.connection.recv(wire.TO_PROGRAM, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.hang_up()
            return
        try:
            for message in self.parser.feed(data):
                self.take(message)
        except wire.WireError as error:
            self.refuse(str(error))
            return
        if not self.parser.rest:
            self.deadline = 0.0 if self.talk is not None else self.deadline
        elif not self.deadline:
            self.deadline = monotonic() + PATIENCE

    def take(self, message: Message) -> None:
        """Take one message. Raises WireError."""
        if self.talk is None:
            self.begin(message)
        elif "interrupt" in message:
            self.talk.interrupt()
        elif self.talk.inbox.qsize() > 1:
            raise wire.WireError("more messages than were asked for")
        else:
            self.talk.inbox.put(message)

    def begin(self, hello: Message) -> None:
        """Start the thread that runs the client's lines."""
        if wire.number(hello, "pdbleak", 0, 1000) != wire.PROTOCOL:
            raise wire.WireError(f"another version of pdbleak: this process has protocol {wire.PROTOCOL}")
        self.talk = Talk(self.connection, hello)
        _thread.start_new_thread(self.run, (self.talk,))

    def run(self, talk: Talk) -> None:
        """Run the client's lines until it leaves, in a thread of its own."""
        stop.name_thread(b"pdbleak-prompt")
        try:
            with turns.Short(), descriptors.Headroom(calls=0):
                from pdbleak.remote import prompt  # noqa: PLC0415 - who only listens pays for no debugger

            prompt.run(talk)
        except Exception as error:  # noqa: BLE001 - our fault must not become the program's
            with suppress(Exception):
                talk.gone = False
                talk.send({"bye": f" {type(error).__name__}: {error}; the program is not affected"})
        finally:
            forget_thread()
            self.is_done = True
            self.stir()

    def refuse(self, reason: str) -> None:
        """End the connection with a line that says why."""
        with suppress(OSError):
            self.connection.setblocking(False)  # noqa: FBT003 - its only argument
            self.connection.send(wire.frame({"bye": f"refused: {reason}"}))
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.hang_up()

    def hang_up(self) -> None:
        """Read no more; what runs for this client is ended."""
        self.is_read = False
        self.deadline = 0.0
        if self.talk is None:
            self.is_done = True
        else:
            self.talk.hang_up()

    def close(self) -> None:
        """Close the connection, also the copies that forked children have of it."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def forget_thread() -> None:
    """Take our thread out of `threading`'s list, where asking for the current thread has put it."""
    active = getattr(sys.modules.get("threading"), "_active", {})
    found = active.get(threading.get_ident())
    if type(found).__name__ == "_DummyThread":
        active.pop(threading.get_ident(), None)

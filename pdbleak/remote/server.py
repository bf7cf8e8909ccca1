"""Listening for one client at a time; knows who may come in, and no debugger.

One thread of our own, which waits in `poll` and does nothing while nobody comes. A second one runs a
client's lines for as long as it is there (`guest.py`). Neither is a
`threading.Thread`: the program would count it, and the interpreter would wait for it.
"""

from __future__ import annotations

import _thread
import atexit
import errno
import os
import select
import threading
from contextlib import suppress
from time import monotonic, sleep
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, Any

from pdbleak import meanwhile
from pdbleak._native import stop
from pdbleak.remote import mainthread, place, wire
from pdbleak.remote.guest import Client

if TYPE_CHECKING:
    import socket

# Seconds for the listening thread to end.
PATIENCE = 5.0
# Seconds until a client is tried again for whom no descriptor was left.
PAUSE = 0.1


# Held from the beginning: eventlet takes it out of the module.
_poll: Any = getattr(select, "poll", None)
# The prompt would be a greenlet of the program's own main thread: to halt that, or to wait in it, halts both.
PATCHED = (
    "gevent or eventlet has replaced its threads, beside which no prompt can run; "
    "start it with python -m pdbleak, where Ctrl+C opens one"
)


def is_patched() -> bool:
    """Tell whether a new thread would be none of the system's."""
    return type(_thread.start_new_thread) is not BuiltinFunctionType


class Listener:
    """The socket of this process, and the client that is connected to it."""

    def __init__(self, *, once: bool, page: int) -> None:
        """Bind the socket. `once`: only until the first client is gone. Raises PlaceError."""
        self.owner = os.getpid()
        self.once = once
        self.page = page
        self.socket, self.path = place.bind(self.owner)
        self.wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        # Given up for a client where the program has none left, as one that leaks descriptors.
        self.spare = os.dup(self.wake[0])
        self.client: Client | None = None
        self.ending = False
        self.ended = threading.Lock()
        self.ended.acquire()

    def run(self) -> None:
        """Wait for clients and for what they say, until the end."""
        stop.name_thread(b"pdbleak-listen")
        try:
            while not self.ending:
                self.turn()
        finally:
            self.close()
            self.ended.release()

    def turn(self) -> None:
        """Wait for something to come, and take it."""
        waiting = _poll()
        waiting.register(self.socket, select.POLLIN)
        waiting.register(self.wake[0], select.POLLIN)
        if self.client is not None and self.client.is_read:
            waiting.register(self.client.connection, select.POLLIN)
        deadline = self.client.deadline if self.client is not None else 0.0
        ready = {
            found for found, _ in waiting.poll(max(0.0, deadline - monotonic()) * 1000 if deadline else None)
        }
        client = self.client
        if client is not None and client.is_read:
            if client.connection.fileno() in ready:
                client.read()
            elif client.deadline and monotonic() >= client.deadline:
                client.refuse("the message did not come to its end")
        if self.wake[0] in ready:
            os.read(self.wake[0], 4096)
        if client is not None and client.is_done:
            self.ending |= self.once
            if not self.ending:
                client.close()
                self.client = None
        if self.client is None and self.spare < 0:
            with suppress(OSError):
                self.spare = os.dup(self.wake[0])
        if self.socket.fileno() in ready and not self.ending:
            self.let_in()

    def let_in(self) -> None:
        """Take a client, or say why not."""
        connection = self.accept()
        if connection is None:
            return
        who = place.peer(connection)
        if not place.may_enter(who.user, os.geteuid()):
            turn_away(connection, f"process {self.owner} is another user's")
        elif is_patched():
            turn_away(connection, f"process {self.owner}: {PATCHED}")
        elif self.client is not None:
            other = self.client.peer.process
            turn_away(
                connection, f"process {self.owner} already has a client (process {other}); one at a time"
            )
        else:
            self.client = Client(connection, who, self.stir)

    def accept(self) -> socket.socket | None:
        """Return the next connection, None if there is none or no descriptor is left for it."""
        for last in (False, True):
            try:
                return self.socket.accept()[0]
            except OSError as error:
                if error.errno not in (errno.EMFILE, errno.ENFILE):
                    return None
                if last:
                    # Who waits to be let in would wake us again at once.
                    sleep(PAUSE)
                elif self.spare >= 0:
                    os.close(self.spare)
                    self.spare = -1
        return None

    def stir(self) -> None:
        """Make the waiting thread look again."""
        with suppress(OSError):
            os.write(self.wake[1], b"\0")

    def close(self) -> None:
        """Take the socket and everything else away."""
        if self.client is not None:
            self.client.hang_up()
        self.socket.close()
        if os.getpid() == self.owner:
            place.remove(self.path)
            atexit.unregister(self.at_exit)
            meanwhile.end(after_fork)
            mainthread.release()
        for end in (*self.wake, self.spare):
            if end >= 0:
                os.close(end)
        stop.give_back(self.page)
        forget(self)
        if self.client is not None:
            # Last of all: who waits for the end of the connection finds nothing of us any more.
            self.client.close()
            self.client = None

    def at_exit(self) -> None:
        """Remove the socket when the program ends."""
        if os.getpid() == self.owner:
            place.remove(self.path)


class Here:
    """The listener of this process, and whether forked children shall have their own."""

    __slots__ = ("follows_now", "listener")

    def __init__(self) -> None:
        """Start without one."""
        self.listener: Listener | None = None
        # A child that only answers one line shall not listen.
        self.follows_now = True


HERE = Here()


def listen(*, once: bool = False, page: int = 0) -> str:
    """Listen for `python -m pdbleak -p`; return the path of the socket. Raises PlaceError.

    `once` is for an injected call: everything goes with the first client, and the page of memory that the
    call stood in. Else forked children listen, too; either way they have nothing of this one.
    """
    listener = HERE.listener
    if listener is not None and listener.owner == os.getpid():
        return listener.path
    if is_patched():
        raise place.PlaceError(PATCHED)
    listener = Listener(once=once, page=page)
    HERE.listener = listener
    mainthread.prepare()
    atexit.register(listener.at_exit)
    meanwhile.begin(after_fork)
    _thread.start_new_thread(listener.run, ())
    return listener.path


def silence(patience: float = PATIENCE) -> None:
    """Listen no more; return when the thread has ended."""
    listener = HERE.listener
    if listener is None or listener.owner != os.getpid():
        return
    listener.ending = True
    listener.stir()
    if listener.ended.acquire(timeout=patience):
        listener.ended.release()


def forget(listener: Listener) -> None:
    """Make room for another listener."""
    if HERE.listener is listener:
        HERE.listener = None


def after_fork() -> None:
    """Close in a child what is the parent's, and listen for itself."""
    inherited = HERE.listener
    if inherited is None:
        return
    HERE.listener = None
    inherited.socket.close()
    if inherited.client is not None:
        inherited.client.connection.close()
    for end in (*inherited.wake, inherited.spare):
        if end >= 0:
            os.close(end)
    atexit.unregister(inherited.at_exit)
    mainthread.forget()
    stop.listen_no_more()
    if not inherited.once and HERE.follows_now:
        with suppress(place.PlaceError, OSError, RuntimeError):
            listen()


def turn_away(connection: socket.socket, reason: str) -> None:
    """Say why a client cannot come in."""
    with connection, suppress(OSError):
        connection.setblocking(False)  # noqa: FBT003 - its only argument
        connection.send(wire.frame({"bye": f"refused: {reason}"}))

"""One `leak` line answered by a forked child, so that the program's pause is the forks'; knows no answer.

The main thread forks, since of all threads a child keeps the one that forks, and the main thread's variables
are to be seen. It forks twice, and waits for the first child, which ends at once: a program that waits for
its own children never meets ours. The second child answers over a pair of sockets, and is killed if nobody
wants it any more.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import warnings
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from pdbleak import plugin
from pdbleak.remote import mainthread, server, wire
from pdbleak.remote.talk import Gone, Running, Talk

if TYPE_CHECKING:
    from types import FrameType

    from pdbleak.remote.wire import Message

# What asks about the heap as it is; the rest acts on the process, or on what the session remembers.
ASKS = frozenset({
    *("types", "count", "list", "show", "size", "backrefs", "refs", "chain", "paths", "via", "top", "cut"),
    *("why", "cycles", "zombies", "tasks", "orphans", "heap", "objgraph", "save", "report"),
})  # fmt: skip
ACTS = "--apply"
# Seconds for the main thread to come by, and between two looks whether somebody still wants the answer.
LONG = 5.0
OFTEN = 0.1


def is_for_child(words: list[str]) -> bool:
    """Tell whether a line can be answered in a child."""
    return bool(words) and words[0] in ASKS and ACTS not in words


def answer(debugger: Any, text: str, looking: Any) -> float:
    """Answer a line in a child; return for how many seconds the program stood still for it.

    `looking(frame)` shows a debugger a stack while it is entered. Raises OSError where the main thread does
    not come to fork.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        fork = Fork(debugger, text, looking, theirs)
        done = mainthread.send(fork.begin)
        if not done.wait(LONG) and mainthread.withdraw(fork.begin):
            raise OSError("the main thread is inside C code and cannot fork")
        done.wait()
        theirs.close()
        if fork.failure:
            raise OSError(fork.failure)
        relay(ours, debugger.talk)
        return fork.seconds


class Fork:
    """A child to be: what the main thread has to know to make it."""

    __slots__ = ("debugger", "failure", "looking", "process", "seconds", "talk", "text")

    def __init__(self, debugger: Any, text: str, looking: Any, connection: socket.socket) -> None:
        """Prepare all that can be prepared before."""
        self.debugger = debugger
        self.text = text
        self.looking = looking
        self.talk = ChildTalk(connection, debugger.talk)
        self.seconds = 0.0
        self.failure = ""
        self.process = os.getpid()

    def begin(self, frame: FrameType | None, _tracer: Any) -> None:
        """Fork; called in the main thread, which goes on."""
        begun = monotonic()
        server.HERE.follows_now = False
        try:
            with warnings.catch_warnings():
                # That other threads run is known: the child has no need of them.
                warnings.simplefilter("ignore", DeprecationWarning)
                child = os.fork()
                if child == 0:
                    self.part(frame)
            with suppress(ChildProcessError):
                os.waitpid(child, 0)
        except OSError as error:
            self.failure = f"the process cannot fork: {error.strerror}"
        finally:
            server.HERE.follows_now = True
            self.seconds = monotonic() - begun

    def part(self, frame: FrameType | None) -> None:
        """Fork once more and end, in the first child; answer and end, in the second. Never returns."""
        try:
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            if os.fork():
                os._exit(0)
            self.run(frame)
        finally:
            os._exit(0)

    def run(self, frame: FrameType | None) -> None:
        """Answer, in the child."""
        close_all(besides=self.talk.connection.fileno())
        self.talk.send({"child": os.getpid()})
        debugger = self.debugger
        plugin.SESSION.stands_for = self.process
        # What belonged to threads that are not here any more.
        debugger.own = (self, debugger.talk)
        debugger.talk = debugger.stdout.talk = self.talk
        try:
            with self.looking(frame), Running(self.talk):
                debugger.answer_here(self.text)
            debugger.stdout.flush()
        except Exception as error:  # noqa: BLE001 - the child's end is silent
            self.talk.send({"out": f"*** the child failed: {type(error).__name__}: {error}\n"})


class ChildTalk(Talk):
    """What the child says to the thread that relays it."""

    is_child = True

    def __init__(self, connection: socket.socket, parent: Talk) -> None:
        """Talk over a connection, to the parent's client."""
        hello = {"colours": parent.colours, "terminal": parent.terminal, "there": parent.there}
        super().__init__(connection, {**hello, "columns": parent.columns})
        self.parser = wire.Parser(wire.TO_CLIENT)
        self.waiting: list[Message] = []

    def receive(self, patience: float | None = None) -> Message:  # noqa: ARG002 - what is asked is answered
        """Return the next message. Raises Gone."""
        while not self.waiting:
            data = self.connection.recv(wire.TO_PROGRAM)
            if not data:
                raise Gone
            self.waiting += self.parser.feed(data)
        return self.waiting.pop(0)


def close_all(*, besides: int) -> None:
    """Close what the program has open: a connection that it closes must not stay open here."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - no pathlib in the program
        if int(name) not in (0, 1, 2, besides):
            with suppress(OSError):
                os.close(int(name))


def relay(connection: socket.socket, talk: Talk) -> None:
    """Pass on what the child says until it ends, and what the client answers to its files. Raises Gone."""
    child = 0
    parser = wire.Parser(wire.TO_CLIENT)
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    try:
        while True:
            # In turns, or a Ctrl+C of the client would wait for the child's next word.
            if not waiting.poll(OFTEN * 1000):
                continue
            data = connection.recv(1 << 16)
            if not data:
                child = 0
                return
            for message in parser.feed(data):
                if "child" in message:
                    child = wire.number(message, "child", 0, 1 << 31)
                    continue
                talk.send(message)
                if "end" in message:
                    connection.sendall(wire.frame(talk.receive()))
    finally:
        if child:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)

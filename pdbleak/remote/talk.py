"""What is said with one client: lines, output, completions, files; knows no debugger and no command."""

from __future__ import annotations

import base64
import sys
import threading
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import TYPE_CHECKING

from pdbleak import importing
from pdbleak._native import stop
from pdbleak.remote import wire

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from pdbleak.remote.wire import Message

# Output is sent this often, in seconds, and at the latest when a line is asked for.
OFTEN = 0.1
# An interrupt that comes during an import of ours is tried again after this time, in seconds.
HOLD = 0.01
NARROWEST, WIDEST = 40, 1000


class Gone(Exception):  # noqa: N818 - no error: a connection may end at any time
    """The client is not there any more."""


class Talk:
    """One client's connection, as the thread sees it that runs its lines.

    Another thread reads from the socket and puts what comes into `inbox`, None at the end.
    """

    is_child = False

    def __init__(self, connection: socket.socket, hello: Message) -> None:
        """Talk over a connection, to the terminal that the client's first message describes."""
        self.connection = connection
        self.inbox: SimpleQueue[Message | None] = SimpleQueue()
        self.columns = 80
        self.colours = hello.get("colours") is True
        self.terminal = hello.get("terminal") is True
        self.fork = hello.get("fork") is True
        self.there = hello.get("there") is True
        self.measure(hello)
        self.gone = False
        self.asked = ""
        self.leaving = False
        # The thread whose line is running, by its number; 0 while none is.
        self.running = 0
        # Held while it begins or ends: an interrupt for a line must not meet the next one.
        self.turning = threading.Lock()
        self.complete: Callable[[Message], list[str]] = lambda _message: []
        self._turn = threading.Lock()

    def measure(self, message: Message) -> None:
        """Take the width of the client's terminal from a message."""
        if "columns" in message:
            self.columns = wire.number(message, "columns", NARROWEST, WIDEST)

    def send(self, message: Message) -> None:
        """Send a message; it waits while the client does not read. Raises Gone."""
        if self.gone:
            raise Gone
        try:
            with self._turn:
                self.connection.sendall(wire.frame(message))
        except OSError as error:
            self.gone = True
            raise Gone from error

    def ask(self, prompt: str) -> Message:
        """Ask for a line and return what comes: a line, or something that another thread has put there.

        Raises Gone.
        """
        if not self.asked:
            self.send({"ask": prompt})
        elif prompt != self.asked:
            # Another thread asks in the place of the one before: the client is at its line already.
            self.send({"out": f"\n{prompt}"})
        self.asked = prompt
        while True:
            message = self.receive()
            self.measure(message)
            if "complete" in message:
                self.send({"completed": self.complete(message)[:1000]})
                continue
            if "interrupt" in message:
                continue
            if "line" in message:
                self.asked = ""
            return message

    def receive(self, patience: float | None = None) -> Message:
        """Return the next message, an empty one after `patience` seconds. Raises Gone."""
        try:
            message = self.inbox.get(timeout=patience)
        except Empty:
            return {}
        if message is None:
            self.inbox.put(None)
            self.gone = True
            raise Gone
        return message

    def hang_up(self) -> None:
        """End what waits for this client or runs for it; called by the thread that reads."""
        self.gone = True
        self.inbox.put(None)
        self.interrupt()

    def interrupt(self) -> None:
        """End the running line; where none runs, tell who waits for a message."""
        while True:
            with self.turning:
                if not self.running:
                    break
                stop.press()
                if not importing.is_ours(sys._current_frames().get(self.running)):  # noqa: SLF001
                    stop.interrupt(self.running)
                    return
            sleep(HOLD)
        if self.inbox.empty():
            self.inbox.put({"interrupt": True})

    def send_file(self, name: str, path: str, *, picture: bool = False) -> str:
        """Send a file for the client to keep under a name; return where it is then, or the reason why not.

        A picture goes where the client has its pictures.

        Raises Gone, OSError.
        """
        with open(path, "rb") as source:  # noqa: PTH123 - no pathlib in the program
            self.send({"file": name, "picture": picture})
            while piece := source.read(wire.PIECE):
                self.send({"piece": base64.b64encode(piece).decode("ascii")})
        self.send({"end": True})
        while True:
            message = self.receive()
            if "placed" in message or "refused" in message:
                return wire.text(message, "placed") or f"nowhere: {wire.text(message, 'refused')}"


class Running:
    """While a line runs, the client's Ctrl+C raises KeyboardInterrupt in the thread that entered this."""

    __slots__ = ("talk",)

    def __init__(self, talk: Talk) -> None:
        """Run a line for a client."""
        self.talk = talk

    def __enter__(self) -> None:
        """Begin."""
        stop.listen_for(self.talk.connection.fileno())
        self.talk.running = threading.get_ident()

    def __exit__(self, *_error: object) -> None:
        """End; an interrupt that comes too late is raised in here, and goes no further."""
        ended = False
        while not ended:
            try:
                with self.talk.turning:
                    self.talk.running = 0
                stop.listen_no_more()
                while stop.is_interrupted():
                    pass
                ended = True
            except KeyboardInterrupt:
                continue


class Output:
    """What a debugger writes to; on the client's terminal. `held` keeps it here until it is flushed."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, talk: Talk) -> None:
        """Write to a client."""
        self.talk = talk
        self.pieces: list[str] = []
        self.held = False
        self.sent = 0.0

    @property
    def columns(self) -> int:
        """The width of the terminal."""
        return self.talk.columns

    @property
    def colours(self) -> bool:
        """Whether the terminal takes colours."""
        return self.talk.colours

    def write(self, text: str) -> int:
        """Write a text."""
        self.pieces.append(text)
        if not self.held and monotonic() - self.sent > OFTEN and text.endswith("\n"):
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was written; what nobody takes is dropped."""
        text = "".join(self.pieces)
        self.pieces.clear()
        self.sent = monotonic()
        for start in range(0, len(text), wire.PIECE // 8):
            try:
                self.talk.send({"out": text[start : start + wire.PIECE // 8]})
            except Gone:
                return

    def isatty(self) -> bool:
        """Tell whether somebody looks."""
        return self.talk.terminal

    def fileno(self) -> int:
        """Return the socket's descriptor: how far a capture is goes there (`_native/stop.pyx`)."""
        return self.talk.connection.fileno()

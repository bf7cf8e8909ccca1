"""The client: a terminal for a prompt in another process; knows no debugger and no heap.

One thread reads what the process sends and writes output as it comes; the main thread types.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import shutil
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pdbleak import pictures
from pdbleak.remote import distrust, ownfiles, wire

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from pdbleak.remote.wire import Message

# Seconds for the process to answer at all: its interpreter may be inside C code for a while.
PATIENCE = 30.0
# How often Ctrl+C is pressed, while one and the same command runs, until it ends the client.
PRESSES = 3
# The prompt of what a breakpoint is to run.
FOR_LATER = "(com)"
ERASE = "\r\x1b[K"


class ClientError(Exception):
    """There is no prompt to be had, in one line."""


class Client:
    """One session over a connected socket."""

    def __init__(self, connection: socket.socket, commands: Sequence[str] = ()) -> None:
        """Start a session; `commands` are its first lines."""
        self.connection = connection
        self.commands = list(commands)
        self.inbox: queue.Queue[Message | None] = queue.Queue()
        self.at_progress = False
        self.file: tuple[Path, Path, Any] | None = None
        self.failure = self.typed = ""
        self.there = False

    def greet(self, *, fork: bool, there: bool) -> Message:
        """Say who we are; return what the process answers. Raises ClientError."""
        tty = sys.stdout.isatty()
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        hello = {
            "pdbleak": wire.PROTOCOL,
            "terminal": tty,
            "colours": tty and not plain,
            "fork": fork,
            "there": there,
        }
        self.there = there
        self.send({**hello, "columns": columns()})
        threading.Thread(target=self.read, daemon=True).start()
        try:
            answer = self.inbox.get(timeout=PATIENCE)
        except queue.Empty:
            raise ClientError(
                "the process listens, but does not answer: its interpreter is busy in C"
            ) from None
        if answer is None:
            raise ClientError("the process closed the connection")
        if "bye" in answer:
            raise ClientError(distrust.one_line(str(answer["bye"])))
        told = answer.get("hello")
        if type(told) is not dict:
            raise ClientError("what answers is no pdbleak")
        return told

    def send(self, message: Message) -> None:
        """Send a message; that nobody is there is seen when reading."""
        with suppress(OSError):
            self.connection.sendall(wire.frame(message))

    def read(self) -> None:
        """Take what the process sends, until it ends."""
        parser = wire.Parser(wire.TO_CLIENT)
        try:
            while data := self.connection.recv(1 << 16):
                for message in parser.feed(data):
                    self.take(message)
        except (OSError, ValueError, wire.WireError) as error:
            self.failure = str(error)
        self.drop_file()
        self.inbox.put(None)

    def take(self, message: Message) -> None:
        """Write what is to be written at once, keep files, and leave the rest to the main thread."""
        if "out" in message:
            self.write(str(message["out"]))
        elif "progress" in message:
            if sys.stdout.isatty():
                self.write(f"\r{message['progress']}", progress=True)
        elif "file" in message:
            self.begin_file(str(message["file"]), picture=message.get("picture") is True)
        elif "piece" in message:
            self.add_piece(base64.b64decode(str(message["piece"])))
        elif "end" in message:
            self.send(self.end_file())
        else:
            self.inbox.put(message)

    def write(self, text: str, *, progress: bool = False) -> None:
        """Write to the terminal; a line of progress is erased by what comes after it."""
        erase = ERASE if self.at_progress and not progress else ""
        self.at_progress = progress
        with suppress(OSError):
            sys.stdout.write(erase + distrust.harmless(text))
            sys.stdout.flush()

    def begin_file(self, name: str, *, picture: bool) -> None:
        """Open a draft beside the place of a file that was asked for, or among our pictures."""
        self.drop_file()
        if not picture and not distrust.was_typed(name, self.typed):
            self.file, self.failure = None, f"{distrust.one_line(name)} was not asked for"
            return
        try:
            path = Path(pictures.free_path(pictures.directory(), Path(name).stem) if picture else name)
            path = path.expanduser().absolute()
            draft = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}.tmp")
            self.file = path, draft, draft.open("xb")
        except OSError as error:
            self.file, self.failure = None, f"{name}: {error.strerror}"

    def drop_file(self) -> None:
        """Remove the draft of a file that does not come to its end."""
        if self.file is not None:
            _, draft, stream = self.file
            self.file = None
            with suppress(OSError):
                stream.close()
                draft.unlink(missing_ok=True)

    def add_piece(self, data: bytes) -> None:
        """Write a piece of the file."""
        if self.file is None:
            return
        _, draft, stream = self.file
        try:
            stream.write(data)
        except OSError as error:
            stream.close()
            draft.unlink(missing_ok=True)
            self.file, self.failure = None, f"{draft}: {error.strerror}"

    def end_file(self) -> Message:
        """Put the file in its place, whole; return what to say about it."""
        if self.file is None:
            reason, self.failure = self.failure, ""
            return {"refused": reason}
        path, draft, stream = self.file
        self.file = None
        try:
            stream.close()
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            return {"refused": f"{path}: {error.strerror}"}
        return {"placed": str(path)}

    def run(self) -> str:
        """Type what the process asks for until the session ends; return its last words."""
        while True:
            message = self.wait()
            if message is None:
                return self.failure or "the process has ended, or closed the connection"
            if "bye" in message:
                # The process closes the connection when nothing of the session is left there.
                with suppress(queue.Empty):
                    self.inbox.get(timeout=PATIENCE)
                return distrust.one_line(str(message["bye"]))
            if "ask" in message:
                self.answer(distrust.harmless(str(message["ask"])))

    def wait(self) -> Message | None:
        """Wait for the next message; Ctrl+C meanwhile ends the running command in the process.

        Raises KeyboardInterrupt at the last of `PRESSES`: the process may be stuck, or not want to answer.
        """
        for press in range(1, PRESSES):
            try:
                return self.inbox.get()
            except KeyboardInterrupt:
                self.send({"interrupt": True})
            if press == PRESSES - 1:
                self.write("\nthe process does not answer; Ctrl+C once more leaves it alone\n")
        return self.inbox.get()

    def answer(self, prompt: str) -> None:
        """Read a line and send it."""
        while True:
            try:
                line = self.commands.pop(0) if self.commands else input(prompt)
            except EOFError:
                line = "EOF"
                self.write("\n")
            except KeyboardInterrupt:
                self.write("\n")
                continue
            if len(line) > wire.TO_PROGRAM // 8:
                self.write("*** the line is too long\n")
                continue
            here = line.startswith("leak ") and not self.there and prompt.strip() != FOR_LATER
            if here and ownfiles.answer(line, self.write, columns()):
                continue
            self.typed = line
            self.send({"line": line, "columns": columns()})
            return

    def complete(self, word: str, state: int) -> str | None:
        """Complete a word: the process knows the names. Called by readline while a line is typed."""
        import readline  # noqa: PLC0415 - who presses Tab has it

        if state == 0:
            line = readline.get_line_buffer()[: readline.get_endidx()]
            self.send({"complete": line, "word": word})
            self.matches: list[str] = []
            with suppress(queue.Empty):
                message = self.inbox.get(timeout=PATIENCE)
                if message is None or type(message.get("completed")) is not list:
                    self.inbox.put(message)
                else:
                    self.matches = [distrust.one_line(str(each)) for each in message["completed"]]
        return self.matches[state] if state < len(self.matches) else None


def columns() -> int:
    """Return the width of our terminal."""
    return shutil.get_terminal_size((80, 24)).columns


def edit_lines(client: Client) -> None:
    """Give the lines an editor, a history and completion, where somebody types."""
    if not sys.stdin.isatty():
        return
    try:
        import readline  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    readline.set_completer_delims(" \t\n`@#%^&*()=+[{]}\\|;:'\",<>?")
    readline.set_completer(client.complete)
    readline.parse_and_bind("tab: complete")


def welcome(hello: Message, how: str, process: int) -> str:
    """Return the first lines: which process, which pdbleak, and how to leave."""
    ours = str(Path(__file__).resolve().parents[1])
    home = str(Path(str(hello.get("home", ""))).parent)
    whose = "this installation" if home == ours else json.dumps(home)
    return (
        f"process {process}, Python {hello.get('python')}, {how}; pdbleak {hello.get('version')} of {whose}\n"
        "The program keeps running. stop halts it, c lets it go, q leaves; leak help lists the commands.\n"
    )

"""A daemon of the matrix on a terminal, under whatever debugger; knows the screen, nothing behind it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import time
from typing import TYPE_CHECKING, Self

import pexpect
from client import PORTS, Load
from kinds import PROGRAMS
from terminal import PROMPT, Terminal, build_environment, strip_ansi
from words import last_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from client import Counts
    from kinds import Kind

TELL = signal.SIGRTMIN + 3
SECONDS_TO_PROMPT = 15.0
SECONDS_TO_END = 20.0
QUIET = 0.2
# The standard debuggers start the program again when it has ended, and prompt for that, too.
ENDED = r"The program finished|The program exited|Post mortem debugger|Uncaught exception"


class Daemon:
    """A program in a terminal's foreground, with clients that ask it all the time."""

    def __init__(self, kind: Kind, folder: Path, before: Sequence[str] = (), **more: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.kind = kind
        port = next(PORTS)
        self.traces = folder / "traces"
        path = f"{PROGRAMS}{os.pathsep}{build_environment(folder)['PYTHONPATH']}"
        settings = {"PYTHONPATH": path, "TRACE_FILE": str(self.traces)} | more
        command = ["env", *(f"{name}={value}" for name, value in settings.items()), sys.executable, *before]
        self.terminal = Terminal([*command, *kind.arguments(port, folder)], folder, columns=200)
        self.child = self.terminal.child
        self.load = Load(kind, port)

    def wait_until_it_serves(self) -> bool:
        """Wait until every client is served and the program says no more; False if that never is."""
        served = self.load.wait_for_round().complete
        self.read_on()
        return served

    def press(self) -> float | None:
        """Press the key; return the seconds to the prompt, None if there is none."""
        begun = time.perf_counter()
        self.child.send("\x03")
        found = self.child.expect([PROMPT, ENDED, pexpect.EOF, pexpect.TIMEOUT], timeout=SECONDS_TO_PROMPT)
        return time.perf_counter() - begun if found == 0 else None

    def dismiss(self) -> Counts:
        """Let the clients close their connections, and the program take note; return what they saw."""
        counts = self.load.stop()
        self.read_on()
        return counts

    def is_over(self) -> bool:
        """Tell whether the program has ended; a standard debugger may live on after it."""
        return not self.child.isalive() or re.search(ENDED, self.screen()) is not None

    def read_on(self) -> None:
        """Read what stands on the screen already, until nothing comes for a moment."""
        with contextlib.suppress(pexpect.TIMEOUT, pexpect.EOF):
            while True:
                self.child.expect(r".+", timeout=QUIET)

    def resume(self) -> None:
        """Let it go on."""
        self.child.sendline("c")

    def ask_for_trace(self) -> str:
        """Return what the main thread says of its trace function: the function, and its traced frames."""
        told = self.traces.read_text().count("\n") if self.traces.exists() else 0
        os.kill(self.child.pid, TELL)
        end = time.monotonic() + SECONDS_TO_PROMPT
        while time.monotonic() < end:
            lines = self.traces.read_text().splitlines() if self.traces.exists() else []
            if len(lines) > told:
                return lines[-1].partition(" ")[2]
            time.sleep(0.01)
        return "no answer"

    def end(self, words: str) -> tuple[int | None, list[str]]:
        """Type what ends the program; return its status (a signal's as a negative number) and last words.

        No status if it goes on.
        """
        written = len(self.terminal.written.getvalue())
        self.child.send(words)
        with contextlib.suppress(pexpect.TIMEOUT):
            # A second prompt in the place of an end is no end.
            if self.child.expect([pexpect.EOF, PROMPT], timeout=SECONDS_TO_END) == 0:
                self.child.wait()
        said = last_words(strip_ansi(self.terminal.written.getvalue()[written:]), self.kind.chance)
        killed = self.child.signalstatus
        return (-killed if killed else self.child.exitstatus), said

    def screen(self) -> str:
        """Return all that stood on the terminal, plain."""
        return strip_ansi(self.terminal.written.getvalue())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.load.__exit__()
        with contextlib.suppress(OSError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.terminal.close()

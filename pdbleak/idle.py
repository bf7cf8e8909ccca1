"""A prompt that nobody types at: it ends by itself after a while; knows not what it continues."""

from __future__ import annotations

import sys
from time import monotonic

from pdbleak import interrupt
from pdbleak._native import key


class Idle(Exception):  # noqa: N818 - no error, and never the program's
    """Nothing was typed for as long as a prompt may wait."""


class Limit:
    """While a line is read, raises Idle in there if none of it was typed for `seconds`; 0 is no limit."""

    __slots__ = ("deadline", "seconds", "typed")

    def __init__(self, seconds: float) -> None:
        """Set the limit."""
        self.seconds = seconds
        self.typed = ""
        self.deadline = 0.0

    def __enter__(self) -> None:
        """Begin to wait."""
        if self.seconds:
            self.typed = ""
            interrupt.KEY.idle = self.look
            self.wait()

    def __exit__(self, *_error: object) -> None:
        """Wait no more."""
        if self.seconds:
            interrupt.KEY.idle = None
            key.alarm(0)

    def wait(self) -> None:
        """Look again after the whole time."""
        self.deadline = monotonic() + self.seconds
        key.alarm(self.seconds)

    def look(self) -> None:
        """Wait on if something was typed since."""
        readline = sys.modules.get("readline")
        typed = readline.get_line_buffer() if readline is not None else ""
        if typed != self.typed:
            self.typed = typed
            self.wait()
        elif monotonic() >= self.deadline:
            raise Idle

"""The program's wake-up descriptor while a prompt is open; knows no prompt.

The walks in C end when SIGINT is pending, so at a prompt the key is SIGINT. Its byte must not reach the
program's event loop, which would run its callback after `c`; every other signal's must, if later.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_set: Any = signal.set_wakeup_fd
# What a pipe holds at most.
MOST = 65536


class Aside:
    """A pipe in the place of the program's wake-up descriptor, if it has one."""

    __slots__ = ("ends", "program")

    def __init__(self) -> None:
        """Put the pipe there; in another thread, or without descriptors left, nothing changes."""
        self.program = -1
        self.ends: tuple[int, int] | None = None
        try:
            found = _set(-1)
        except ValueError:
            return
        if found < 0:
            return
        try:
            self.ends = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
            _set(self.ends[1], warn_on_full_buffer=False)
        except OSError:
            _set(found)
        else:
            self.program = found

    def give_back(self, *, without: int) -> None:
        """Put the program's descriptor back, and write to it what came meanwhile but for one signal."""
        if self.ends is None:
            return
        source, sink = self.ends
        # What the program has set at the prompt stays.
        current = _set(-1)
        try:
            _set(self.program if current == sink else current)
            came = os.read(source, MOST).replace(bytes([without]), b"")
            os.write(self.program, came or b"\0")
        except (OSError, ValueError):  # nothing came, or the program has closed its descriptor
            pass
        os.close(source)
        os.close(sink)

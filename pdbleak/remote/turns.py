"""Short turns at the interpreter's lock while pdbleak works beside the program; knows not at what.

A thread that wants the lock waits for the interpreter's switch interval, 5 ms, until who runs Python lets
go. An import gives the lock away with each file that it opens: beside three busy threads the modules of the
first command took 12 s. And a program that answers requests waits as long for a command that computes.
"""

from __future__ import annotations

import sys

from pdbleak import meanwhile

SHORT = 0.0005
# The interpreter cuts off what is less than a microsecond: what it says would become less each time.
HALF = 5e-7


class Short:
    """Make the turns short, and as long as they were at the end; what the program sets meanwhile stays."""

    __slots__ = ("found", "ours")

    def __enter__(self) -> None:
        """Begin."""
        self.found = self.ours = sys.getswitchinterval()
        if self.found > SHORT:
            meanwhile.begin(self.lengthen)
            sys.setswitchinterval(SHORT + HALF)
            self.ours = sys.getswitchinterval()

    def __exit__(self, *_error: object) -> None:
        """End."""
        self.lengthen()
        meanwhile.end(self.lengthen)

    def lengthen(self) -> None:
        """Put back what was found."""
        if self.ours != self.found and sys.getswitchinterval() == self.ours:
            sys.setswitchinterval(self.found + HALF)

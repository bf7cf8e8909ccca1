"""How long the program has run, without the time that it stood still for us; knows not why it stood."""

from __future__ import annotations

from time import monotonic


class Standing:
    """A clock that stops while the program stands still; a prompt inside of a prompt stops it once."""

    __slots__ = ("depth", "since", "stood")

    def __init__(self) -> None:
        """Start with the program running."""
        self.depth = 0
        self.since = 0.0
        self.stood = 0.0

    def __enter__(self) -> None:
        """Stop the clock."""
        if not self.depth:
            self.since = monotonic()
        self.depth += 1

    def __exit__(self, *_error: object) -> None:
        """Let it go on."""
        self.depth -= 1
        if not self.depth:
            self.stood += monotonic() - self.since

    @property
    def ran(self) -> float:
        """The program's seconds, from an arbitrary start."""
        return (self.since if self.depth else monotonic()) - self.stood


STANDING = Standing()

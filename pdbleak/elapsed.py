"""Telling a terminal how long a command takes; knows no command."""

from __future__ import annotations

from pdbleak._native import stop


class Telling:
    """Tell a terminal how long a command takes, from the second second on; what was told is erased.

    What tells are the walks in C, as they look for Ctrl+C: no thread could while they run. No generator: on
    3.11 `leak tasks` would find it waiting.
    """

    __slots__ = ("name", "terminal")

    def __init__(self, terminal: int, name: str) -> None:
        """Tell a terminal's descriptor, none if it is -1, under a name."""
        self.terminal = terminal
        self.name = name

    def __enter__(self) -> None:
        """Begin."""
        stop.begin_telling(self.terminal, self.name.encode())

    def __exit__(self, *_: object) -> None:
        """End."""
        stop.end_telling()

"""The program's collector and a command: when it may run; knows neither prompts nor answers."""

from __future__ import annotations

import gc
from typing import Any

from pdbleak import meanwhile


class Paused:
    """Keeps automatic collections away from a session's command: they run finalizers, and destroy evidence.

    No generator: on 3.11 `leak tasks` would find it waiting.
    """

    __slots__ = ("enabled", "session")

    def __init__(self, session: Any) -> None:
        """Tell the session whether the collector runs."""
        self.session = session

    def __enter__(self) -> None:
        """Pause the collector, if it runs."""
        self.enabled = self.session.collecting = gc.isenabled()
        if self.enabled:
            meanwhile.begin(gc.enable)
        gc.disable()

    def __exit__(self, *_: object) -> None:
        """Let it run again, if it did."""
        if self.enabled:
            gc.enable()
            meanwhile.end(gc.enable)


class Running:
    """Lets it run again inside of `Paused`, while a command waits for the program."""

    __slots__ = ("session",)

    def __init__(self, session: Any) -> None:
        """Know the session, whose command has paused it."""
        self.session = session

    def __enter__(self) -> None:
        """Let it run, if it did."""
        if self.session.collecting:
            gc.enable()

    def __exit__(self, *_: object) -> None:
        """Pause it again."""
        gc.disable()

"""Whether allocations are traced, since when and at which cost; knows no object."""

from __future__ import annotations

import _tracemalloc  # what tracemalloc itself is made of: that would load pickle into the program
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tracing:
    """The state of tracing: `frames` of each allocation are kept, 0 where nothing is traced.

    `seconds` since `leak trace on`; None where the program started it, and where nothing is traced. `traced`
    bytes are known, `memory` bytes the traces take. `stopped` says that this command ended it.
    """

    frames: int
    seconds: float | None
    traced: int
    memory: int
    stopped: bool
    next: str


def start(frames: int) -> float:
    """Trace allocations from now on; return the time, in monotonic seconds.

    Measured on CPython 3.11 to 3.13: an allocation takes 3 to 6 times as long with one frame, up to 20 times
    with 25, and the traces take 90 bytes for each live block.
    """
    _tracemalloc.start(frames)
    return time.monotonic()


def stop(since: float | None) -> Tracing:
    """Stop tracing; forgets all traces."""
    last = describe(since)
    _tracemalloc.stop()
    return Tracing(0, last.seconds, last.traced, last.memory, stopped=True, next="leak memory")


def describe(since: float | None) -> Tracing:
    """Say what is traced; `since` is when it was started from the prompt, None if the program did that."""
    frames = frames_kept()
    traced, _ = _tracemalloc.get_traced_memory()
    return Tracing(
        frames=frames,
        seconds=None if since is None or not frames else time.monotonic() - since,
        traced=traced,
        memory=_tracemalloc.get_tracemalloc_memory() if frames else 0,
        stopped=False,
        next="c, then later: leak growth" if frames else "leak trace on",
    )


def frames_kept() -> int:
    """Return how many frames of each allocation are kept, 0 where nothing is traced."""
    return _tracemalloc.get_traceback_limit() if _tracemalloc.is_tracing() else 0

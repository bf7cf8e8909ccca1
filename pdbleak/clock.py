"""A thread for what is due while a program runs whose key is not ours; it is there only as long as that is.

Marks are taken in it: a capture needs no thread in particular. Only the prompt opens in the main thread.
"""

from __future__ import annotations

import _thread
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

from pdbleak._native import stop
from pdbleak.remote import mainthread

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from pdbleak.watch import Watch


class Clock:
    """Looks at a watch when something is due, and opens the prompt at the end."""

    __slots__ = ("changed", "prepared", "running", "watch")

    def __init__(self) -> None:
        """Start without a thread; to be called where the prompt is, which may be the main thread."""
        self.watch: Watch | None = None
        self.changed = threading.Event()
        self.running = False
        self.prepared = not mainthread.POST.signal
        if self.prepared:
            mainthread.prepare()

    def alarm(self, _seconds: float) -> None:
        """Look at the watch anew: what is due has changed."""
        self.changed.set()
        if not self.running and self.watch is not None and self.watch.due:
            self.running = True
            # Not a `threading.Thread`: the program would count it, and the interpreter wait for it.
            _thread.start_new_thread(self.run, ())

    def run(self) -> None:
        """Wait, and do what is due, until nothing is."""
        stop.name_thread(b"pdbleak-clock")
        watch = self.watch
        back: Callable[[FrameType | None], object] | None = None
        while watch is not None and watch.due and back is None:
            pause = watch.due - monotonic()
            if pause > 0:
                self.changed.wait(pause)
                self.changed.clear()
            else:
                back = watch.turn(None)
        self.running = False
        if back is not None:
            mainthread.send(coming_back(back)).wait()
        if self.prepared and not self.running:
            mainthread.release()
            self.prepared = False


def coming_back(back: Callable[[FrameType | None], Any]) -> mainthread.Job:
    """Return the job that opens the prompt; what it opens says how tracing goes on."""

    def job(frame: FrameType | None, _tracer: Any) -> Any:
        return back(frame)

    return job

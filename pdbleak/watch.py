"""What is due every so often while the program runs; takes no mark, and opens no prompt, itself.

The timer is the key's (`_native/key.h`): its signal reaches the main thread where a press would, also in a
blocked system call, which goes on afterwards (PEP 475). There is no thread of ours. Where the key is not
ours, `clock.py` has one for the time being.
"""

from __future__ import annotations

import os
import sys
from time import monotonic

from pdbleak import interrupt
from pdbleak._native import key
from pdbleak.standing import STANDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

# Marks take at most this part of the time, beyond the first seconds; those that are awaited may take more.
MOST = 0.02
FREE = 3.0
MOST_AWAITED = 0.25
# Marks come off their even times by at most half of this part of the time between two.
SPREAD = 0.5
GOLDEN = 0.618_033_988_749_895


class Watch:
    """Marks at their times: one every so often, or a few in a row that somebody waits for.

    `mark(frame)` takes one, `alarm(seconds)` has `look` called after some time, in the main thread.
    `every` seconds there is one, 0 for never; `left` more are awaited, `pace` seconds apart, and `back` is
    called after the last. `place` counts them, up to the `last` that is awaited.
    """

    __slots__ = (
        *("alarm", "back", "due", "every", "last", "left", "mark", "owner", "pace", "place", "spent"),
        "started",
    )

    def __init__(
        self, mark: Callable[[FrameType | None], None], alarm: Callable[[float], object] = key.alarm
    ) -> None:
        """Start with nothing to do."""
        self.mark = mark
        self.alarm = alarm
        self.every = self.pace = self.due = 0.0
        self.left = self.place = self.last = 0
        self.spent = 0.0
        self.started = monotonic()
        self.back: Callable[[FrameType | None], object] | None = None
        self.owner = os.getpid()

    def end(self) -> None:
        """Let nothing be due any more: the process ends."""
        self.every = 0.0
        self.call_off()
        self.arm()

    def repeat(self, seconds: float) -> None:
        """Take a mark every so often, from now on."""
        self.every = seconds
        self.place = self.last = 0
        self.due = monotonic() + seconds * step_to(1)
        self.arm()

    def await_marks(self, number: int, seconds: float, back: Callable[[FrameType | None], object]) -> None:
        """Take some marks, then call `back`; the timer is set when the prompt ends."""
        self.left, self.pace, self.back = number, seconds, back
        self.place, self.last = 0, number
        self.due = monotonic() + seconds * step_to(1, number)

    def call_off(self) -> None:
        """Await no marks any more; those that are taken anyway go on."""
        self.left = 0
        self.back = None
        self.due = monotonic() + self.every if self.every else 0.0

    def arm(self) -> None:
        """Set the timer for what is due next, if anything is."""
        if os.getpid() == self.owner:
            self.alarm(max(0.001, self.due - monotonic()) if self.due else 0)

    def look(self, signalnum: int, frame: FrameType | None) -> None:
        """Do what is due; then open the prompt that was asked for meanwhile, by the key or by `back`."""
        if os.getpid() != self.owner or not self.due:
            self.alarm(0)
            return
        if monotonic() < self.due:
            self.arm()
            return
        # It rings until it is heard.
        self.alarm(0)
        tracer = sys.gettrace()
        sys.settrace(None)
        interrupt.KEY.busy = True
        with STANDING:
            try:
                back = self.turn(frame)
            finally:
                interrupt.KEY.busy = False
                if tracer is not None:
                    sys.settrace(tracer)
            wanted = back is not None and back(frame)
            if wanted or interrupt.KEY.again:
                interrupt.open_prompts(signalnum, frame)
        self.arm()

    def turn(self, frame: FrameType | None) -> Callable[[FrameType | None], object] | None:
        """Take one mark; return what is to be called now, if it was the last one that is awaited."""
        started = monotonic()
        try:
            self.mark(frame)
        except Exception as error:  # noqa: BLE001 - it would be raised inside the program
            say(f"no mark could be taken ({type(error).__name__}: {error}); no more are tried")
            self.every = 0.0
            back, self.left = self.back, 0
        else:
            back = self.counted()
        now = monotonic()
        self.spent += now - started
        self.place += 1
        step = step_to(self.place + 1, self.last)
        if self.left:
            self.due = now + max(self.pace * step, (now - started) / MOST_AWAITED)
        else:
            affordable = self.started + (self.spent - FREE) / MOST
            self.due = max(now + self.every * step, affordable) if self.every else 0.0
        if back is not None:
            self.back = None
        return back

    def counted(self) -> Callable[[FrameType | None], object] | None:
        """Count an awaited mark; return what is to be called after the last one."""
        if not self.left:
            return None
        self.left -= 1
        return None if self.left else self.back


def step_to(place: int, last: int = 0) -> float:
    """Return how long to wait for mark `place` (from 1), in parts of the time that is meant; 1 on average.

    Marks at even times would meet whatever the program does at even times, such as a sweep each second,
    always at the same point or a little later: a queue that is drained would look like one that fills. The
    `last` of some marks comes when it is due. (Multiples of the golden ratio are in step with no period.)
    """
    return 1 + _ahead(place, last) - _ahead(place - 1, last)


def _ahead(place: int, last: int) -> float:
    return 0.0 if place in (0, last) else SPREAD * (place * GOLDEN % 1 - 0.5)


def say(text: str) -> None:
    """Write one line past every stream object of the program."""
    try:
        os.write(2, f"pdbleak: {text}\n".encode(errors="backslashreplace"))
    except OSError:
        return

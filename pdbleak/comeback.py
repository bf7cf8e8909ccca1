"""Letting the program run for some marks, and coming back to the prompt by itself; knows no `leak` answer.

With the launcher the prompt is the key's, opened by the key's timer. A prompt that the program opened
itself (`breakpoint()`) is opened again by a thread that is there until then. Beside a running program
(`-p`) nothing has to come back: the client waits.
"""

from __future__ import annotations

import atexit
import sys
import time
from typing import TYPE_CHECKING, Any

from pdbleak import collector, interrupt, remains
from pdbleak._native import key
from pdbleak.command import CommandError
from pdbleak.standing import STANDING
from pdbleak.watch import Watch, say, step_to

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    Mark = Callable[[FrameType | None], None]

# Seconds after which a client's Ctrl+C is heard, at the latest.
ATTENTION = 0.2
# The line that is run when the prompt is back.
FIRST_LINE = "leak"


class Waiting:
    """Lets the program run for some marks: by ending this prompt, or beside it where it runs already."""

    __slots__ = ("debugger", "leaves", "mark", "session")

    def __init__(self, debugger: Any, session: Any, mark: Mark) -> None:
        """Wait at a debugger's prompt; `mark` takes a mark for the session."""
        self.debugger = debugger
        self.session = session
        self.mark = mark
        self.leaves = False

    def __call__(self, marks: int, seconds: int) -> bool:
        """Return whether the marks are taken already. Raises CommandError where nothing can be waited for."""
        if getattr(self.debugger, "halt", ...) is None:
            self.session.forget_heap()
            with collector.Running(self.session):
                wait_beside(self.mark, marks, seconds)
            return True
        reason = await_marks(self.debugger, self.mark, marks, seconds)
        if reason:
            raise CommandError(reason)
        self.leaves = True
        return False


def watch_for_launch(mark: Mark) -> Watch | None:
    """Return the watch on the key's timer; None where there is no key of ours, or no timer."""
    if interrupt.KEY.open_at is None or not key.alarm(0):
        return None
    if interrupt.KEY.watch is None:
        interrupt.KEY.watch = Watch(mark)
        # The interpreter gives up its handlers before it ends, and the timer's signal would kill it then.
        atexit.register(interrupt.KEY.watch.end)
    found: Watch = interrupt.KEY.watch
    return found


def repeat(mark: Mark, seconds: float) -> None:
    """Take a mark every so often, from the program's start on; one now."""
    watch = watch_for_launch(mark)
    if watch is None:
        say("marks while the program runs need the key's timer, which this system does not have")
        return
    watch.turn(None)
    watch.repeat(seconds)


def call_off() -> None:
    """Await no marks any more: somebody is at the prompt."""
    if interrupt.KEY.watch is not None:
        interrupt.KEY.watch.call_off()
    _CLOCKS.call_off()


def await_marks(debugger: Any, mark: Mark, number: int, seconds: float) -> str:
    """Arrange for marks while the program runs, and for the prompt after the last one.

    Returns an empty text if the prompt has to end for that, else why it cannot be.
    """
    if not is_inside(debugger):
        return "the program is over: there is nothing to wait for"
    launch = getattr(debugger, "launch", None)
    watch = watch_for_launch(mark) if launch is not None else None
    if watch is not None and launch is not None:
        watch.await_marks(number, seconds, lambda _frame: ask_launch(launch))
        return ""
    _CLOCKS.await_marks(debugger, mark, number, seconds)
    return ""


def is_inside(debugger: Any) -> bool:
    """Tell whether the prompt's frame still runs: after an exception nothing goes on."""
    innermost = debugger.stack[-1][0] if debugger.stack else None
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - from here outwards
    while frame is not None:
        if frame is innermost:
            return True
        frame = frame.f_back
    return False


def ask_launch(launch: Any) -> bool:
    """Have the key's prompt opened with our line, if there is a terminal for it."""
    from pdbleak import terminal  # noqa: PLC0415 - loaded with the launcher

    if launch.typed and not terminal.is_ours(launch.descriptor):
        say("the marks are taken, but the terminal is not in our foreground; Ctrl+C, then: leak")
        return False
    launch.commands.insert(0, FIRST_LINE)
    return True


def reopen(debugger: Any, frame: FrameType | None) -> Any:
    """Prompt once more with a debugger of the program's; return the trace function to go on with, or None."""
    from pdbleak.remote.mainthread import UNTRACED  # noqa: PLC0415 - the clock has it

    frames = remains.stack(frame)
    if not frames:
        return None
    debugger.reset()
    debugger.botframe = frames[-1]
    debugger.cmdqueue.append(FIRST_LINE)
    print(file=debugger.stdout)
    with STANDING:
        debugger.interaction(frame, None)
    # -1 is what `continue` sets; anything else wants to stop again, or to quit.
    if debugger.stoplineno == -1 and not debugger.breaks and not debugger.quitting:
        remains.empty_locals(frames)
        return UNTRACED
    for each in frames:
        each.f_trace = debugger.trace_dispatch
    return debugger.trace_dispatch


class _Clocks:
    """The one clock that may run."""

    __slots__ = ("watch",)

    def __init__(self) -> None:
        self.watch: Watch | None = None

    def await_marks(self, debugger: Any, mark: Mark, number: int, seconds: float) -> None:
        from pdbleak.clock import Clock  # noqa: PLC0415 - not with the launcher

        clock = Clock()
        self.watch = clock.watch = Watch(mark, clock.alarm)
        self.watch.await_marks(number, seconds, lambda frame: reopen(debugger, frame))
        self.watch.arm()

    def call_off(self) -> None:
        if self.watch is not None:
            self.watch.call_off()
            self.watch = None


_CLOCKS = _Clocks()


def wait_beside(mark: Mark, number: int, seconds: float) -> None:
    """Take marks beside a program that runs meanwhile; Ctrl+C at the client ends it."""
    for place in range(1, number + 1):
        due = time.monotonic() + seconds * step_to(place, number)
        while (left := due - time.monotonic()) > 0:
            time.sleep(min(left, ATTENTION))
        mark(None)

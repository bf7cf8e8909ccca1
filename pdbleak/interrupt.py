"""Who owns Ctrl+C; knows nothing of prompts but a function that opens one.

The key is ours, and the program believes that it is its own. A press never reaches the interpreter as
SIGINT (`_native/key.h`), so nothing of the program hears of it: no handler, no wake-up byte. The handler
that the program sets is noted; `interrupt` at the prompt, and what the program sends to itself, reach it as
the interpreter would have done, wake-up byte included, so that `signal.set_wakeup_fd` and the event loops'
`add_signal_handler` need no part in this.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module

from pdbleak import children, importing, inherit, wakeup
from pdbleak._native import key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

# `signal.signal` and `signal.getsignal` call what stands here.
_signal: Any = import_module("_signal")
_set = _signal.signal
_get = _signal.getsignal
_restart = _signal.siginterrupt

# What to type in another terminal, for a process whose id takes the place of `#`.
ATTACH = "python -m pdbleak -p #"
STUCK = (
    "\npdbleak: process # has not come back to Python since the last Ctrl+C: the main thread, or who holds\n"
    f"the interpreter's lock, is inside C code. From another terminal: {ATTACH}\n"
)
# Modules whose frames stand between the signal and the program.
OURS = ("pdbleak.interrupt", "pdbleak.watch")
CHILD = f"pdbleak: child # ignores Ctrl+C, the prompt is its parent's; to look into it: {ATTACH}\n"


class Key:
    """The state of the one key: whose handler, and what a press means just now."""

    __slots__ = (
        *("again", "busy", "dump", "idle", "open_at"),
        *("program", "stopped", "typing", "unraisable", "watch"),
    )

    def __init__(self) -> None:
        """Start without the key."""
        self.open_at: Callable[[FrameType], tuple[bool, Any]] | None = None
        self.program: Any = signal.default_int_handler
        self.stopped: FrameType | None = None
        self.idle: Callable[[], None] | None = None
        # What is due while the program runs (`watch.py`).
        self.watch: Any = None
        # The program's `sys.unraisablehook`, while a prompt reads or runs a line.
        self.unraisable: Any = sys.__unraisablehook__
        self.dump = 0
        self.busy = self.again = False
        self.typing = False


KEY = Key()


class Typing:
    """While a prompt reads or runs a line, the key raises KeyboardInterrupt there, and nowhere else."""

    __slots__ = ("before", "loop")

    def __enter__(self) -> None:
        """Let the key cancel what is typed."""
        self.before = KEY.typing
        self.loop = None if self.before else wakeup.Aside()
        KEY.typing = True
        if self.loop is not None:
            KEY.unraisable, sys.unraisablehook = sys.unraisablehook, raise_later
        key.mean(key.TYPING)

    def __exit__(self, *_error: object) -> None:
        """Let it mean what it meant before."""
        if self.loop is None:
            return
        try:
            # A press that came just before raises here, at the latest.
            KEY.again |= key.mean(key.DEAF)
        finally:
            KEY.typing = False
            if sys.unraisablehook is raise_later:
                sys.unraisablehook = KEY.unraisable
            KEY.unraisable = sys.__unraisablehook__
            key.alarm(0)
            self.loop.give_back(without=signal.SIGINT)
            KEY.again |= key.mean(key.FREE)
            wind()


def take(open_at: Callable[[FrameType], tuple[bool, Any]]) -> bool:
    """Make the key open a prompt.

    `open_at(frame)` returns whether the program shall have the key press after all, and the trace function
    to go on with. Returns False, and changes nothing, where the program was started to ignore the key.
    """
    if _get(signal.SIGINT) in (signal.SIG_IGN, None):
        return False
    KEY.open_at = open_at
    trip, KEY.dump = unused_signals()
    note_own(trip)
    key.take(trip, KEY.dump, STUCK.replace("#", str(os.getpid())).encode(), CHILD.encode())
    children.take(key.owner(), trip)
    return True


def leave_to(owner: int, trip: int, descriptor: int) -> None:
    """Leave the key to the process `owner`, in a child that was not forked from it.

    `trip` is the signal by which the owner gives it its Ctrl+C, `descriptor` is of the list of the
    shielded children.
    """
    if _get(signal.SIGINT) in (signal.SIG_IGN, None):
        return
    note_own(trip)
    key.shield(owner, CHILD.encode())
    children.join(owner, trip, descriptor)


def note_own(trip: int) -> None:
    """Take the place of the handler of SIGINT, and note the program's from now on."""
    _set(trip, pressed)
    KEY.program = _set(signal.SIGINT, reached)
    _signal.siginterrupt = signal.siginterrupt = note_restart
    _signal.signal = note_handler
    _signal.getsignal = noted_handler
    inherit.take(ignores)


def ignores() -> bool:
    """Tell whether the program ignores SIGINT."""
    return bool(KEY.program == signal.SIG_IGN)


def unused_signals() -> tuple[int, int]:
    """Return two signals that nobody uses: for a press, and for the stack of a main thread stuck in C."""
    least = getattr(signal, "SIGRTMIN", signal.NSIG)
    free = [int(each) for each in signal.valid_signals() if each >= least and _get(each) == signal.SIG_DFL]
    # Without real-time signals, as on macOS, one that does nothing by itself; there is no stack then.
    return (max(free), sorted(free)[-2]) if len(free) > 1 else (int(signal.SIGURG), 0)


def speak_on(descriptor: int) -> None:
    """Write to a descriptor what is said while no Python can run, the main thread's stack included."""
    key.speak_on(descriptor)
    if KEY.dump:
        import faulthandler  # noqa: PLC0415 - part of the interpreter, but not imported by everybody

        faulthandler.register(KEY.dump, descriptor, all_threads=False)


def note_handler(signalnum: Any, handler: Any, /) -> Any:
    """Set a signal's handler; SIGINT's is only noted, and the one noted before is returned."""
    if signalnum != signal.SIGINT:
        return _set(signalnum, handler)
    try:
        # Raises ValueError in any thread but the main one, as the interpreter would.
        _set(signalnum, None)
    except TypeError:
        if not callable(handler) and handler not in (signal.SIG_DFL, signal.SIG_IGN):
            raise
    before, KEY.program = KEY.program, handler
    if os.getpid() != key.owner():
        (key.ignore if ignores() else key.install)()
    return before


def noted_handler(signalnum: Any, /) -> Any:
    """Return a signal's handler; for SIGINT the one the program set."""
    return KEY.program if signalnum == signal.SIGINT else _get(signalnum)


def note_restart(signalnum: Any, flag: Any, /) -> None:
    """Set whether a signal interrupts system calls; SIGINT does, or `accept` would keep the prompt away."""
    if signalnum != signal.SIGINT:
        _restart(signalnum, flag)


def pressed(signalnum: int, frame: FrameType | None) -> None:
    """Open a prompt in the frame that was running; give a child the Ctrl+C that it was spared before."""
    if os.getpid() != key.owner():
        deliver(frame)
        return
    while frame is not None and frame.f_globals.get("__name__") in OURS:
        # A press that comes while one, or the timer, is on its way in or out is one in the program's frame.
        frame = frame.f_back
    waited = key.seen()
    if KEY.typing:
        if waited:
            raise KeyboardInterrupt
        if KEY.idle is not None:
            KEY.idle()
    elif KEY.busy:
        KEY.again |= waited
    elif waited:
        try:
            open_prompts(signalnum, frame)
        finally:
            wind()
    elif KEY.watch is not None:
        KEY.watch.look(signalnum, frame)


def wind() -> None:
    """Set the timer for what is due next: a press, or a prompt with a limit, has used it."""
    if KEY.watch is not None:
        KEY.watch.arm()


def open_prompts(signalnum: int, frame: FrameType | None) -> None:
    """Open a prompt in a frame; one more for a press that came while it was closed."""
    if frame is None or KEY.open_at is None or is_at_other_prompt(frame):
        signal.default_int_handler(signalnum, frame)
        return
    KEY.again = True
    while KEY.again:
        KEY.busy, KEY.again = True, False
        # Until it is there: a prompt is on its way already.
        key.mean(key.DEAF)
        try:
            wanted, trace = KEY.open_at(frame)
        finally:
            KEY.busy = KEY.typing = False
            key.mean(key.FREE)
        if wanted:
            for child in key.shielded():
                children.send(child)
            deliver(frame)
    if trace is not None:
        # Last of all: what is called after it would be stepped into.
        sys.settrace(trace)


def deliver(frame: FrameType | None) -> None:
    """Give the program the key press, once, as the interpreter would have done."""
    KEY.typing = False
    if type(getattr(KEY.program, "__self__", None)).__module__.partition(".")[0] == "uvloop":
        # It collects signals from both, and would count a byte that comes after the call as another one.
        KEY.program(int(signal.SIGINT), frame)
        return
    KEY.stopped = frame
    # The interpreter calls `reached` for this, before the next line.
    key.trip()


def reached(signalnum: int, frame: FrameType | None) -> None:
    """Call the program's own handler of SIGINT; at a prompt, cancel the line or the command."""
    stopped, KEY.stopped = KEY.stopped, None
    if KEY.typing and os.getpid() == key.owner():
        if importing.is_ours(frame) and key.hold():
            return
        raise KeyboardInterrupt
    if KEY.program == signal.SIG_DFL:
        _set(signalnum, int(signal.SIG_DFL))
        os.kill(os.getpid(), signalnum)
    elif callable(KEY.program):
        KEY.program(signalnum, frame if stopped is None else stopped)


def raise_later(unraisable: Any) -> None:
    """Have a press come again that could not be raised, as in a callback; pass on the rest."""
    if not (KEY.typing and issubclass(unraisable.exc_type, KeyboardInterrupt) and key.hold()):
        KEY.unraisable(unraisable)


def is_at_other_prompt(frame: FrameType | None) -> bool:
    """Tell whether a pdb of the program's own waits for a line: they all loop in `_cmdloop`."""
    while frame is not None:
        if frame.f_code.co_name == "_cmdloop":
            return True
        frame = frame.f_back
    return False

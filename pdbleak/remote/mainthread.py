"""Having something done in the main thread, also while it is blocked; knows not what.

A real-time signal that nobody uses gets a handler of ours. It is tripped as the interpreter itself does it,
which a running main thread sees at its next bytecode; if it does not, it is blocked in a system call, and the
signal is sent for real. Where no handler could be set (`signal.signal` works in the main thread only), the
interpreter's list of pending calls has to do: a blocked main thread looks at it when it comes back.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from time import sleep
from typing import TYPE_CHECKING, Any

from pdbleak import interrupt
from pdbleak._native import stop

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    # Called with the frame that it interrupts and the thread's trace function; returns the one to go on with,
    # `UNTRACED` for none, None to leave it as it is.
    Job = Callable[[FrameType | None, Any], Any]

# Seconds for a running main thread to come by.
GRACE = 0.05
# Seconds in which it goes back to what it waited for. A signal of the program's own that comes between the
# interpreter's last look and a lock that it waits for is seen with the next signal only.
GOING_BACK = 0.02


class Post:
    """The signal, and what is to be done."""

    __slots__ = ("jobs", "owner", "signal")

    def __init__(self) -> None:
        """Start without a signal."""
        self.signal = 0
        self.owner = 0
        self.jobs: deque[tuple[Job, threading.Event]] = deque()


POST = Post()
UNTRACED = object()


def identity() -> int:
    """Return the main thread's number."""
    return threading.main_thread().ident or 0


def prepare() -> None:
    """Set our handler, where that can be done."""
    if threading.get_ident() != identity() or (POST.signal and POST.owner == os.getpid()):
        return
    try:
        unused, _ = interrupt.unused_signals()
        signal.signal(unused, arrived)
    except (OSError, ValueError, IndexError):
        return
    POST.signal, POST.owner = unused, os.getpid()


def release() -> None:
    """Take our handler away again."""
    if POST.signal and POST.owner == os.getpid():
        done = send(remove_handler)
        done.wait(2.0)
        sleep(GOING_BACK)


def remove_handler(_frame: FrameType | None, _tracer: Any) -> None:
    """Give the signal back; in the main thread."""
    if POST.signal and signal.getsignal(POST.signal) is arrived:
        signal.signal(POST.signal, signal.SIG_DFL)
    POST.signal = 0


def forget() -> None:
    """Do without, in a forked child: the jobs and the handler are its parent's."""
    POST.jobs.clear()
    remove_handler(None, None)


def send(job: Job) -> threading.Event:
    """Have a job done in the main thread; return what is set when it was."""
    done = threading.Event()
    POST.jobs.append((job, done))
    if threading.get_ident() == identity():
        work(sys._getframe(1))  # noqa: SLF001 - the frame that is interrupted
    elif POST.signal:
        stop.trip(POST.signal)
        if not wait_until_begun(job):
            signal.pthread_kill(identity(), POST.signal)
    else:
        stop.call_in_main(come_by)
    return done


def wait_until_begun(job: Job) -> bool:
    """Tell whether the main thread has taken a job, after a while."""
    pause = threading.Event()
    for _ in range(10):
        if all(waiting is not job for waiting, _ in list(POST.jobs)):
            return True
        pause.wait(GRACE / 10)
    return False


def withdraw(job: Job) -> bool:
    """Take back a job that has not begun; return whether that was in time."""
    for entry in list(POST.jobs):
        if entry[0] is job:
            try:
                POST.jobs.remove(entry)
            except ValueError:
                return False
            return True
    return False


def arrived(_signal: int, frame: FrameType | None) -> None:
    """Do what is to be done: the signal's handler."""
    work(frame)


def come_by() -> None:
    """Do what is to be done: called from the interpreter's loop."""
    work(sys._getframe(1))  # noqa: SLF001 - the frame that is interrupted


def work(frame: FrameType | None) -> None:
    """Do all jobs, untraced: a debugger that waits for the next line would stop in here."""
    tracer: Any = sys.gettrace()
    sys.settrace(None)
    while POST.jobs:
        try:
            job, done = POST.jobs.popleft()
        except IndexError:
            break
        try:
            found = job(frame, tracer)
            tracer = tracer if found is None else None if found is UNTRACED else found
        except Exception as error:  # noqa: BLE001 - it would be raised inside the program
            report(error)
        finally:
            done.set()
    if tracer is not None:
        # Last of all, or it would see the rest of this.
        sys.settrace(tracer)


def report(error: Exception) -> None:
    """Say on stderr's descriptor what went wrong."""
    try:
        os.write(2, f"pdbleak: {type(error).__name__}: {error}; the program goes on\n".encode())
    except OSError:
        return

"""The children that the key must not end: who they are, and their Ctrl+C later; knows no prompt.

A forked child has the handler of its parent (`_native/key.h`) and writes itself into a list that is shared
with it. One that `multiprocessing` starts anew is told to do the same before anything else. What else is
executed has the action it had before, and ends if that is to end.
"""

from __future__ import annotations

import fcntl
import os
import signal

from pdbleak import arrival
from pdbleak._native import key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Above what the program opens, so that it gets the numbers it would have had.
FIRST_DESCRIPTOR = 200
LIST_SIZE = 4096
BEFORE_ALL = """\
try:
    __import__("pdbleak.interrupt").interrupt.leave_to({owner}, {trip}, {descriptor})
except ImportError:
    pass
"""
THEN_LISTEN = """\
__import__("signal").pthread_sigmask({how}, [{signal}])
"""


class Ledger:
    """The shared list's descriptor, and what it was opened as: a program may close what it does not know."""

    __slots__ = ("descriptor", "identity", "owner", "trip")

    def __init__(self) -> None:
        """Start without a list."""
        self.owner = self.trip = 0
        self.descriptor = -1
        self.identity = (0, 0)

    def keep(self, descriptor: int) -> None:
        """Remember the list."""
        self.descriptor = descriptor
        self.identity = identity(descriptor)

    def is_there(self) -> bool:
        """Tell whether the descriptor is still the list's."""
        return self.descriptor >= 0 and identity(self.descriptor) == self.identity


LEDGER = Ledger()


def take(owner: int, trip: int) -> None:
    """Share a list with all children to come; without one, they still leave the key to `owner`.

    `trip` is the signal that gives a child its Ctrl+C.
    """
    LEDGER.owner, LEDGER.trip = owner, trip
    try:
        made = os.memfd_create("pdbleak")
    except (AttributeError, OSError):  # not on this system, or no descriptor left
        share(-1)
    else:
        try:
            os.ftruncate(made, LIST_SIZE)
            LEDGER.keep(fcntl.fcntl(made, fcntl.F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR))
        except OSError:
            share(-1)
        else:
            share(made)
        os.close(made)
    arrival.upon("multiprocessing.util", reach_started)


def join(owner: int, trip: int, descriptor: int) -> None:
    """Share the list of `owner`, in a child that was started with its descriptor."""
    LEDGER.owner, LEDGER.trip = owner, trip
    if descriptor >= 0:
        share(descriptor)
        LEDGER.keep(descriptor)
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - its only argument
    arrival.upon("multiprocessing.util", reach_started)


def share(descriptor: int) -> None:
    """Map the list; who cannot is spared the key all the same, and not sent it later."""
    try:
        key.share(descriptor)
    except OSError:
        return


def identity(descriptor: int) -> tuple[int, int]:
    """Return what tells a descriptor from another one of the same number."""
    try:
        found = os.fstat(descriptor)
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino


def reach_started(util: Any) -> None:
    """Make the interpreters that `multiprocessing` starts leave the key alone."""
    start: Any = util.spawnv_passfds

    def spawnv_passfds(path: Any, args: Any, passfds: Any) -> Any:
        words = list(args)
        if "-c" not in words[:-1]:
            return start(path, args, passfds)
        kept = LEDGER.descriptor if LEDGER.is_there() else -1
        # Until it has said that it is shielded, a key press waits.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            first = BEFORE_ALL.format(owner=LEDGER.owner, trip=LEDGER.trip, descriptor=kept)
            if signal.SIGINT not in before:
                first += THEN_LISTEN.format(how=int(signal.SIG_UNBLOCK), signal=int(signal.SIGINT))
            at = words.index("-c") + 1
            words[at] = first + words[at]
            return start(path, words, [*passfds, kept] if kept >= 0 else passfds)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    util.spawnv_passfds = spawnv_passfds


def send(child: int) -> None:
    """Give a child its Ctrl+C, if it is still in our process group.

    Not as SIGINT, which would be one with a key press that it has not seen yet.
    """
    try:
        if os.getpgid(child) == os.getpgrp():
            os.kill(child, LEDGER.trip)
    except OSError:  # it ended meanwhile
        return

"""Who owns Ctrl+C; knows nothing of prompts but a function that opens one.

The key is ours, and the program believes that it is its own: `signal.signal` for SIGINT only notes the
program's handler, `signal.getsignal` returns it, and `interrupt` at the prompt calls it as the interpreter
would have done. What also has to go through here, once it is built: the wake-up descriptor and
`loop.add_signal_handler`.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

_set = signal.signal
_get = signal.getsignal
_restart = signal.siginterrupt


class Key:
    """The state of the one key: whose handler, and what a press means just now."""

    __slots__ = ("busy", "open_at", "program", "typing")

    def __init__(self) -> None:
        """Start without the key."""
        self.open_at: Callable[[FrameType], tuple[bool, Any]] | None = None
        self.program: Any = signal.default_int_handler
        self.busy = False
        self.typing = False


KEY = Key()


class Typing:
    """While a prompt reads or runs a line, the key raises KeyboardInterrupt there, and nowhere else."""

    __slots__ = ("before",)

    def __enter__(self) -> None:
        """Let the key cancel what is typed."""
        self.before = KEY.typing
        KEY.typing = True

    def __exit__(self, *_error: object) -> None:
        """Let it mean what it meant before."""
        KEY.typing = self.before


def take(open_at: Callable[[FrameType], tuple[bool, Any]]) -> bool:
    """Make the key open a prompt.

    `open_at(frame)` returns whether the program shall have the key press after all, and the trace function
    to go on with. Returns False, and changes nothing, where the program was started to ignore the key.
    """
    if _get(signal.SIGINT) is signal.SIG_IGN:
        return False
    KEY.open_at = open_at
    KEY.program = _set(signal.SIGINT, pressed)
    signal.signal = note_handler
    signal.getsignal = noted_handler
    signal.siginterrupt = note_restart
    return True


def note_handler(signalnum: Any, handler: Any) -> Any:
    """Set a signal's handler; SIGINT's is only noted, and the one noted before is returned."""
    if signalnum != signal.SIGINT:
        return _set(signalnum, handler)
    # The interpreter itself checks the handler and the thread.
    _set(signalnum, handler)
    _set(signalnum, pressed)
    before, KEY.program = KEY.program, handler
    return before


def noted_handler(signalnum: Any) -> Any:
    """Return a signal's handler; for SIGINT the one the program set."""
    return KEY.program if signalnum == signal.SIGINT else _get(signalnum)


def note_restart(signalnum: Any, flag: Any) -> None:
    """Set whether a signal interrupts system calls; SIGINT does, or `accept` would keep the prompt away."""
    if signalnum != signal.SIGINT:
        _restart(signalnum, flag)


def pressed(signalnum: int, frame: FrameType | None) -> None:
    """Open a prompt in the frame that was running; at a prompt, cancel the line or the command."""
    if KEY.typing:
        raise KeyboardInterrupt
    if KEY.busy:
        return
    if frame is None or KEY.open_at is None or is_at_other_prompt(frame):
        signal.default_int_handler(signalnum, frame)
        return
    KEY.busy = True
    try:
        wanted, trace = KEY.open_at(frame)
    finally:
        KEY.busy = KEY.typing = False
    if wanted:
        deliver(signalnum, frame)
    if trace is not None:
        # Last of all: what is called after it would be stepped into.
        sys.settrace(trace)


def deliver(signalnum: int, frame: FrameType | None) -> None:
    """Give the program the key press, as the interpreter would have done."""
    if KEY.program == signal.SIG_DFL:
        _set(signalnum, signal.SIG_DFL)
        os.kill(os.getpid(), signalnum)
    elif callable(KEY.program):
        KEY.program(signalnum, frame)


def is_at_other_prompt(frame: FrameType | None) -> bool:
    """Tell whether a pdb of the program's own waits for a line: they all loop in `_cmdloop`."""
    while frame is not None:
        if frame.f_code.co_name == "_cmdloop":
            return True
        frame = frame.f_back
    return False

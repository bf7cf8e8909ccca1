"""Opening a prompt in a frame from outside of tracing; knows no `leak` command.

A signal handler cannot ask bdb to stop at the next line, because a blocked main thread has no next line for
hours: the prompt runs right there, in the handler, and a trace function is set at its end only if the user
stepped or set a breakpoint.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from pdbleak import frontend, remains, terminal
from pdbleak.interrupt import ATTACH
from pdbleak.standing import STANDING

if TYPE_CHECKING:
    from types import FrameType

    from pdbleak.launch import Launch


class Ending(NamedTuple):
    """How a prompt ended: whether the program shall have the Ctrl+C, and the trace function to go on with."""

    wanted: bool
    trace: Any


def open_for_key(launch: Launch, frame: FrameType) -> Ending:
    """Open the prompt of a Ctrl+C where that can be done; nothing but SystemExit gets into the program."""
    tracer = sys.gettrace()
    if not terminal.is_ours(launch.descriptor):
        launch.descriptor = terminal.take()
    why = "" if launch.typed else "the standard input is no terminal"
    if not why and not terminal.is_ours(launch.descriptor):
        why = "no terminal in the foreground to open the prompt on"
    if why and not launch.commands:
        say(f"{why}; the program gets the Ctrl+C. To look into it: {ATTACH.replace('#', str(os.getpid()))}")
        return Ending(wanted=True, trace=tracer)
    try:
        return open_at(launch, frame)
    except KeyboardInterrupt:
        return Ending(wanted=False, trace=tracer)
    except Exception as error:  # noqa: BLE001 - whatever fails here would be raised inside the program
        say(f"the prompt could not be opened ({type(error).__name__}: {error}); the program goes on")
        return Ending(wanted=False, trace=tracer)


def open_at(launch: Launch, frame: FrameType | None, failure: BaseException | None = None) -> Ending:
    """Run one prompt, in a frame or, post mortem, where `failure` was raised."""
    tracer = sys.gettrace()
    sys.settrace(None)
    usable = terminal.is_ours(launch.descriptor)
    restore = terminal.settle(launch.descriptor) if usable else None
    try:
        debugger = waiting(tracer) or new_debugger(launch)
        debugger.pending = launch.commands
        debugger.timeout = launch.timeout
        debugger.launch = launch
        return interact(debugger, frame, failure, tracer)
    finally:
        if restore is not None:
            restore()


def new_debugger(launch: Launch) -> Any:
    """Return a debugger on the terminal, or on the standard input and error where there is none."""
    source, sink = (launch.descriptor,) * 2 if terminal.is_ours(launch.descriptor) else (0, 2)
    output = terminal.writer(sink)
    return frontend.make(terminal.LineReader(source, output), output, plain=launch.plain)


def waiting(tracer: Any) -> Any:
    """Return the prompt that waits for a breakpoint already, or None."""
    owner = getattr(tracer, "__self__", None)
    return owner if hasattr(owner, "interrupting") else None


def interact(debugger: Any, frame: FrameType | None, failure: BaseException | None, tracer: Any) -> Ending:
    """Prompt with a debugger, then make it trace if the user wants to stop again, or let go of everything."""
    frames = remains.stack(frame)
    debugger.reset()
    debugger.botframe = frames[-1] if frames else None
    debugger.stepping = debugger.interrupting = False
    ours = remains.is_tracer_of(tracer, debugger)
    goes_on = False
    try:
        print(file=debugger.stdout)
        with STANDING:
            if frame is not None:
                debugger.interaction(frame, None)
            elif sys.version_info >= (3, 13):
                debugger.interaction(None, failure)
            else:
                debugger.interaction(None, failure.__traceback__ if failure else None)
        wanted = bool(debugger.interrupting)
        goes_on = frame is not None and bool(debugger.stepping or debugger.breaks)
        if not goes_on:
            return Ending(wanted, None if ours else tracer)
        for each in frames:
            each.f_trace = debugger.trace_dispatch
        return Ending(wanted, debugger.trace_dispatch)
    finally:
        if not goes_on:
            remains.forget_tracing(debugger, frame)
            remains.discard(debugger, frames)
        if tracer is None:
            # Inside of a trace function the interpreter would write the emptied variables back.
            remains.empty_locals(frames)


def say(text: str) -> None:
    """Write one line past every stream object of the program."""
    try:
        os.write(2, f"pdbleak: {text}\n".encode(errors="backslashreplace"))
    except OSError:  # nobody is there to read it
        return

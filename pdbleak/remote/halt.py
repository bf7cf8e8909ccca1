"""Halting the main thread for a client, and letting it go; knows no command.

While it stands still the prompt runs in the main thread itself, as after Ctrl+C, so that stepping is pdb's.
The client's own thread waits meanwhile. A breakpoint halts it in the same way, whenever that comes.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from pdbleak import prompt, remains
from pdbleak.remote import mainthread, wired

if TYPE_CHECKING:
    from types import FrameType

    from pdbleak.remote.talk import Talk

# Seconds until the client hears that the main thread does not come, and in which the next step has to come.
LONG = 1.0
NEXT_STEP = 0.5


class Halt:
    """The two threads' agreement on who asks the client for lines."""

    def __init__(self, talk: Talk) -> None:
        """Start with the main thread running."""
        self.talk = talk
        self.yielded = threading.Event()
        self.done = threading.Event()
        self.over = False
        self.tracer: Any = None

    def stop(self, debugger: Any) -> None:
        """Halt the main thread, and return when it goes on; called by the client's thread. Raises Gone."""
        job = self.open
        mainthread.send(job)
        patient = True
        while True:
            message = self.talk.receive(LONG)
            if "halted" in message:
                self.wait()
                return
            if "interrupt" in message and mainthread.withdraw(job):
                debugger.message("the main thread was not halted")
                return
            if not message and patient:
                patient = False
                debugger.message(
                    "the main thread is inside C code and has not come back yet; Ctrl+C gives up"
                )
                debugger.stdout.flush()

    def wait(self) -> None:
        """Give the lines to the main thread until it runs again. Raises Gone."""
        while True:
            self.yielded.set()
            self.done.wait()
            self.done.clear()
            if self.tracer is None or not self.tracer.stepping or self.talk.leaving:
                return
            message = self.talk.receive(NEXT_STEP)
            if "halted" not in message:
                return

    def open(self, frame: FrameType | None, tracer: Any) -> Any:
        """Prompt in the main thread; return the trace function to go on with."""
        if self.over or frame is None:
            return None
        debugger = prompt.waiting(tracer) or wired.make(self.talk)
        debugger.halt = self
        self.tracer = debugger
        ending = prompt.interact(debugger, frame, None, tracer)
        if not debugger.__dict__:
            self.tracer = None
        return mainthread.UNTRACED if ending.trace is None else ending.trace

    def __enter__(self) -> None:
        """Take the lines over; called by the main thread."""
        self.talk.inbox.put({"halted": True})
        self.yielded.wait()
        self.yielded.clear()

    def __exit__(self, *_error: object) -> None:
        """Give them back."""
        if self.tracer is not None and not self.tracer.__dict__:
            self.tracer = None
        if not self.over:
            self.done.set()

    def leave(self) -> None:
        """End all halting: breakpoints go, and a main thread that stands still goes on."""
        self.over = True
        self.talk.gone = True
        self.talk.inbox.put(None)
        self.yielded.set()
        if self.tracer is not None:
            mainthread.send(self.untrace).wait(LONG)

    def untrace(self, frame: FrameType | None, tracer: Any) -> Any:
        """Take the debugger off the main thread."""
        debugger, self.tracer = self.tracer, None
        if debugger is None or not debugger.__dict__:
            return None
        debugger.clear_all_breaks()
        ours = remains.is_tracer_of(tracer, debugger)
        remains.forget_tracing(debugger, frame)
        remains.discard(debugger, remains.stack(frame))
        return mainthread.UNTRACED if ours else None

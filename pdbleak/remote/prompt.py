"""The prompt beside a running program: its lines, one by one, over the main thread's stack as it is then.

Between two lines nothing of the program is held: a frame that returns would keep its variables alive.
"""

from __future__ import annotations

import linecache
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from pdbleak import __file__ as home
from pdbleak import __version__, remains, seam
from pdbleak.remote import mainthread, wired
from pdbleak.remote.halt import Halt
from pdbleak.remote.talk import Gone, Running, Talk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

PROMPT = "(running) "
# What makes no sense beside a running program.
STOPPED_ONLY = frozenset({
    *("s", "step", "n", "next", "r", "return", "unt", "until", "j", "jump", "rv", "retval", "commands"),
    *("b", "break", "tbreak", "cl", "clear", "condition", "ignore", "enable", "disable", "exceptions"),
    *("display", "undisplay", "interrupt"),
})  # fmt: skip


def run(talk: Talk) -> None:
    """Run a client's lines until it leaves; nothing of it is left then."""
    lines = set(linecache.cache)
    seam.install()
    debugger = wired.make(talk)
    beside = Beside(debugger, talk)
    debugger.onecmd = beside.onecmd
    debugger.looking = beside.looking
    try:
        greet(talk)
        beside.serve()
        with suppress(Gone):
            talk.send({"bye": ""})
    except Gone:
        pass
    finally:
        beside.leave()
        for name in set(linecache.cache) - lines:
            linecache.cache.pop(name, None)


def greet(talk: Talk) -> None:
    """Tell the client whom it talks to."""
    version = ".".join(map(str, sys.version_info[:3]))
    talk.send({"hello": {"version": __version__, "python": version, "home": home}})


class Beside:
    """The loop of one client: each line on a fresh look at the main thread's stack."""

    def __init__(self, debugger: Any, talk: Talk) -> None:
        """Prompt with a debugger that is wired to a client."""
        self.debugger = debugger
        self.talk = talk
        self.inherited = type(debugger).onecmd.__get__(debugger)
        self.halt = Halt(talk)
        # The chosen frame: how far from the outermost one, and its code's address.
        self.chosen: tuple[int, int] | None = None
        self.ended = False

    def serve(self) -> None:
        """Ask for lines and run them until the client leaves. Raises Gone."""
        while not self.ended:
            self.talk.complete = self.complete
            try:
                message = self.talk.ask(PROMPT)
                if "halted" in message:
                    self.halt.wait()
                elif "line" in message:
                    self.run_line(str(message["line"]))
                self.ended |= self.talk.leaving
            except KeyboardInterrupt:
                self.debugger.message("--KeyboardInterrupt--")

    def run_line(self, line: str) -> None:
        """Run one line over the stack as it is now."""
        debugger = self.debugger
        if line.strip() == "EOF":
            line = "quit"
        try:
            with self.looking():
                debugger.onecmd(debugger.precmd(line))
        except KeyboardInterrupt:
            debugger.message("--KeyboardInterrupt--")
        except Gone:
            raise
        except Exception as error:  # noqa: BLE001 - our fault must not become the client's end
            debugger.error(f"pdbleak: {type(error).__name__}: {error}; the program is not affected")
        finally:
            debugger.stdout.flush()
        self.ended |= self.talk.leaving

    def onecmd(self, line: str) -> Any:
        """Run a line, unless it takes a program that stands still."""
        word = self.debugger.parseline(line)[0] or ""
        if word in STOPPED_ONLY:
            self.debugger.error(f"the program is running; {word} needs it to stand still: type stop first")
            return False
        if word in ("c", "cont", "continue"):
            self.debugger.message("the program is running already; q leaves it so")
            return False
        if word == "stop":
            return self.stop()
        with Running(self.talk):
            return self.inherited(line)

    def stop(self) -> bool:
        """Halt the main thread, and give the lines to a prompt there until it goes on."""
        self.forget()
        self.halt.stop(self.debugger)
        self.ended |= self.talk.leaving
        return False

    @contextmanager
    def looking(self, frame: FrameType | None = None) -> Iterator[None]:
        """Show the debugger the main thread's stack for the length of a line; remember the chosen frame.

        `frame` is the innermost one, where the main thread has been sent elsewhere.
        """
        debugger = self.debugger
        if frame is None:
            frame = sys._current_frames().get(mainthread.identity())  # noqa: SLF001 - the documented way
        frames = remains.stack(frame)[::-1]
        del frame
        debugger.stack = [(each, each.f_lineno) for each in frames]
        try:
            if frames:
                debugger.choose(self.index_in(frames))
            yield
        finally:
            if debugger.stack:
                index = debugger.curindex
                self.chosen = index, id(debugger.stack[index][0].f_code)
            self.forget()
            remains.empty_locals(frames)
            frames.clear()

    def index_in(self, frames: list[FrameType]) -> int:
        """Return which frame to look at: the chosen one if it is there, else the program's main module."""
        if self.chosen is not None:
            index, code = self.chosen
            if index < len(frames) and id(frames[index].f_code) == code:
                return index
            self.debugger.message(
                "the frame that was chosen has returned; where shows the stack as it is now"
            )
        main = sys.modules["__main__"].__dict__
        found = [index for index, each in enumerate(frames) if each.f_globals is main]
        return found[0] if found else len(frames) - 1

    def forget(self) -> None:
        """Hold no frame of the program."""
        debugger = self.debugger
        debugger.stack = []
        debugger.curindex = 0
        debugger.curframe = None
        for name in remains.LOOKED_AT:
            debugger.__dict__.pop(name, None)

    def complete(self, message: dict[str, Any]) -> list[str]:
        """Return the completions of a line that is being typed."""
        try:
            with self.looking():
                return wired.completions(self.debugger, message)
        except Exception:  # noqa: BLE001 - no completion is an answer, too
            return []

    def leave(self) -> None:
        """Let go of everything."""
        self.halt.leave()
        self.forget()
        plugin = sys.modules.get("pdbleak.plugin")
        if plugin is not None:
            plugin.release(self.debugger)
        self.debugger.__dict__.clear()

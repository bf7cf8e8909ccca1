"""The seam between debuggers, commands and rendering: the only module that imports both commands and render.

A command's value goes to `render`, its text to the debugger's `message`, a mistake to its `error`; over a
remote prompt nothing else reaches the person (`print` would go to the program's stdout).
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

from pdbleak import collector, comeback, handles, heap, render
from pdbleak._native import stop
from pdbleak.analyses import marking
from pdbleak.analyses.opinion import forget_prompt_names, prompt_names
from pdbleak.analyses.report import Report
from pdbleak.analyses.series import START
from pdbleak.command import CommandError, Line
from pdbleak.commands import COMMANDS
from pdbleak.commands.save import SNAPSHOT, save
from pdbleak.completion import complete as complete_line
from pdbleak.consent import asker
from pdbleak.elapsed import Telling
from pdbleak.line import read
from pdbleak.navigation import keeps_heap
from pdbleak.pictures import draw_beside
from pdbleak.session import Session
from pdbleak.standing import STANDING
from pdbleak.standpoint import own_objects, variables
from pdbleak.streams import terminal_of, wants_colour, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from pdbleak.remote.answering import Outlet

FILE_WIDTH = 120
OLD = 1.0  # seconds, from which on an answer says how old its capture is
# All that commands need is imported with this module: what came after a capture would be in the next one.
PRELOADED = (heap, marking)
SESSION = Session(COMMANDS)
# The prompts that have used `leak` and are still open, the innermost last.
_open: list[Any] = []


def answer(debugger: Any, text: str) -> bool:
    """Run one `leak` line of a debugger's prompt; nothing but KeyboardInterrupt leaves it.

    Returns whether the prompt shall end, since it comes back by itself.
    """
    adopt(debugger)
    comeback.call_off()
    waiting = comeback.Waiting(debugger, SESSION, take_mark)
    frame = debugger.curframe
    known = set(SESSION.handles)
    SESSION.evaluate = lambda expression: evaluate(expression, frame, variables(debugger))
    SESSION.ask = agreement(debugger)
    SESSION.wait = waiting
    SESSION.own = own_objects(debugger, sys._getframe())  # noqa: SLF001 - the prompt's frames begin here
    SESSION.progress = terminal_of(debugger.stdout)
    SESSION.tell = stop.tell_share
    try:
        mistake = respond(
            text,
            debugger.message,
            width=width(debugger.stdout),
            colour=wants_colour(debugger.stdout),
            outlet=getattr(debugger, "outlet", None),
        )
        # The answer stands there already: what is kept for later is not waited for with it.
        mistake = leave_mark() or mistake
        new = {name: SESSION.handles[name] for name in SESSION.handles if name not in known}
        for name in handles.hidden(new, frame, variables(debugger)) if frame is not None else ():
            debugger.message(
                f"note: {name} is also a name of the program's own, which wins outside of leak commands"
            )
    finally:
        SESSION.own = ()
        SESSION.evaluate = None
        SESSION.ask = None
        SESSION.wait = None
        SESSION.progress = -1
        SESSION.own_repr = False
    if mistake:
        debugger.error(mistake)
    return waiting.leaves and not mistake


def take_mark(frame: FrameType | None) -> None:
    """Take a mark while the program runs; `frame` is the one that it interrupts, if any."""
    if SESSION.captured is not None:
        # Somebody is at a prompt in another thread: that capture is a mark, or will be.
        return
    frames = []
    ours: FrameType | None = sys._getframe()  # noqa: SLF001 - from here to the program
    while ours is not None and ours is not frame:
        frames.append(ours)
        ours = ours.f_back
    outer = SESSION.own
    frontend = sys.modules.get("pdbleak.frontend")
    SESSION.own = (*outer, *frames, *(frontend.brought() if frontend else ()))
    try:
        with collector.Paused(SESSION):
            SESSION.mark(START if not len(SESSION.marks) and frame is None else "", fresh=True)
    finally:
        SESSION.own = outer
        # One of them is this one: the list would be a cycle in the program's heap.
        frames.clear()
        SESSION.forget_heap()


def agreement(debugger: Any) -> Callable[[Any], bool] | None:
    """Return what shows a planned answer and asks for a yes, or None where nobody can be asked."""
    put = asker(debugger)
    if put is None:
        return None

    def agree(planned: Any) -> bool:
        stop.erase_told()
        for each in render.lines(planned, width=width(debugger.stdout), colour=wants_colour(debugger.stdout)):
            debugger.message(each)
        return put("do it? [y/N] ")

    return agree


def respond(
    text: str, write: Callable[[str], object], *, width: int, colour: bool, outlet: Outlet | None = None
) -> str:
    """Run a line and write its answer; return the mistake in one line, or an empty text.

    An `outlet` is where files go that shall not stay with this process.
    """
    try:
        line = read(text, COMMANDS)
        if outlet is not None:
            line = outlet.redirect(line)
        SESSION.own_repr = line.repr
        with collector.Paused(SESSION):
            lines = answer_lines(line, width=width, colour=colour, outlet=outlet)
            for each in lines if outlet is None else list(lines):
                write(each if outlet is None else outlet.renamed(each))
    except CommandError as error:
        return " ".join(str(error).split())
    except MemoryError:
        SESSION.forget_heap()
        return "not enough memory for this answer, and nothing of it is kept; type: leak memory"
    except Exception as error:  # noqa: BLE001 - our fault must not become the program's
        return blame(error)
    return ""


def leave_mark() -> str:
    """Keep a mark of what the line has captured; return what failed, in one line, or an empty text."""
    try:
        with collector.Paused(SESSION), Telling(SESSION.progress, "mark"):
            SESSION.leave_mark()
    except MemoryError:
        # The next capture leaves its mark.
        return ""
    except Exception as error:  # noqa: BLE001 - our fault must not become the program's
        return blame(error)
    return ""


def answer_lines(line: Line, *, width: int, colour: bool, outlet: Outlet | None = None) -> Iterator[str]:
    """Run a command and yield its answer, line by line."""
    SESSION.age = 0.0
    if line.output.lower().endswith(SNAPSHOT):
        # The form of a whole heap, and of no single answer.
        line = Line(save, {"subject": line.output})
    with Telling(SESSION.progress, line.command.name):
        value = line.command(SESSION, **line.options)
    if line.output:
        yield f"written to {render.write(value, line.output, width=FILE_WIDTH)}"
    elif line.json:
        yield from render.json_lines(value)
    else:
        if type(value) is Report:
            render.write(value, value.path, width=FILE_WIDTH)
        if getattr(value, "direction", "") == "backrefs":
            value = draw_beside(value, render.write, "" if outlet is None else outlet.room_for_picture(value))
        # With one thread, and that one at the prompt, nothing can have changed.
        if SESSION.age > OLD and len(sys._current_frames()) > 1:  # noqa: SLF001
            yield f"as of {SESSION.age:.0f} s ago, other threads ran meanwhile; leak fresh captures anew"
        yield from render.lines(value, width=width, colour=colour)


def blame(error: Exception) -> str:
    """Say in one line that pdbleak is at fault, and where."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(f"{type(error).__name__}({error})".split())[:200]
    place = f"{os.path.basename(where.filename)}:{where.lineno}"  # noqa: PTH119
    return f"pdbleak: internal error {text} in {place}; the program is not affected"


def complete(debugger: Any, text: str, before: str) -> list[str]:
    """Return the completions of a word of a `leak` line."""
    frame = debugger.curframe

    def names() -> Iterator[str]:
        yield from SESSION.type_names()
        yield from SESSION.handles
        if frame is not None:
            yield from variables(debugger)
            yield from frame.f_globals

    return complete_line(text, before, COMMANDS, names)


def evaluate(expression: str, frame: FrameType | None, variables: dict[str, Any]) -> Any:
    """Return an expression's value in a frame; what it raises is the user's mistake."""
    if frame is None:
        raise CommandError(f"no frame to evaluate {expression!r} in")
    # One dict for all names, or a comprehension in the expression would not see the frame's variables.
    space = {**prompt_names(), **SESSION.handles, **frame.f_globals, **variables}
    try:
        return eval(compile(expression.strip(), "<leak>", "eval"), space)  # noqa: S307 - it is what the user typed
    except (Exception, SystemExit) as error:
        raise CommandError(f"{expression}: {type(error).__name__}: {error}") from error


def adopt(debugger: Any) -> None:
    """Follow a debugger's lines from now on: before the first `leak` there is nothing to drop."""
    if any(each is debugger for each in _open):
        return
    inherited = debugger.onecmd

    def onecmd(line: str) -> Any:
        return run_line(debugger, inherited, line)

    debugger.onecmd = onecmd
    _open.append(debugger)
    if not hasattr(debugger, "halt"):
        # Beside a client's prompt the program may run.
        STANDING.__enter__()


def run_line(debugger: Any, inherited: Callable[[str], Any], line: str) -> Any:
    """Run one line of an adopted prompt; handles are names meanwhile."""
    keep = keeps_heap(line or debugger.lastcmd)
    try:
        # A `leak` line reads them by itself: what stands in builtins would look held by the program.
        with handles.readable({} if is_leak(line) else {**prompt_names(), **SESSION.handles}):
            stop = inherited(line)
    except KeyboardInterrupt:
        SESSION.forget_heap()
        raise
    except BaseException:
        release(debugger)
        raise
    if stop and not getattr(debugger, "commands_defining", False):
        release(debugger)
    elif not keep:
        SESSION.forget_heap()
    return stop


def is_leak(line: str) -> bool:
    """Tell whether a line is one of ours."""
    return line.split(None, 1)[:1] == ["leak"]


def release(debugger: Any) -> None:
    """Let go of the program when a prompt ends; one that was opened inside of another only drops the heap."""
    if not any(each is debugger for each in _open):
        return
    _open[:] = [each for each in _open if each is not debugger]
    debugger.__dict__.pop("onecmd", None)
    if not hasattr(debugger, "halt"):
        STANDING.__exit__()
    if _open:
        SESSION.forget_heap()
    else:
        SESSION.close()
        forget_prompt_names()


def answer_anywhere(text: str, frame: FrameType) -> None:
    """Run one line for a prompt that is no debugger: in the caller's frame, printed to sys.stdout."""
    SESSION.forget_heap()
    outer = SESSION.evaluate, SESSION.own
    SESSION.evaluate = lambda expression: evaluate(expression, frame, dict(frame.f_locals))
    SESSION.own = (sys._getframe(),)  # noqa: SLF001 - hidden from the answer
    try:
        mistake = respond(text, print, width=width(sys.stdout), colour=wants_colour(sys.stdout))
    finally:
        SESSION.evaluate, SESSION.own = outer
        SESSION.forget_heap()
        # Only somebody who types can use a handle again; a program's own call must not pin an object.
        if not _open and not hasattr(sys, "ps1"):
            SESSION.close()
    if mistake:
        print("***", mistake)  # noqa: T201 - what this function is for

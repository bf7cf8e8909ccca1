"""A debugger whose terminal is at the other end of a socket; knows not whether the program runs meanwhile.

The standard library's pdb, since it can be driven from any thread. What is typed is evaluated without
replacing `sys.stdout`, which belongs to all threads: `print` at the prompt is one that prints to the client.
"""

from __future__ import annotations

import sys
from cmd import Cmd
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from pdbleak import descriptors, frontend
from pdbleak.remote import turns
from pdbleak.remote.talk import Gone, Output, Running, Talk

if TYPE_CHECKING:
    from collections.abc import Iterator

# They read from a terminal of their own, or start the program again.
NOT_HERE = frozenset({"interact", "debug", "run", "restart", "ed", "edit"})


def make(talk: Talk) -> Any:
    """Return a debugger that is wired to a client."""
    with readline_hidden():
        return wired_class()(talk)


@contextmanager
def readline_hidden() -> Iterator[None]:
    """Keep pdb from loading readline into a program that may have no terminal."""
    if "readline" in sys.modules:
        yield
        return
    completer = "rlcompleter" in sys.modules
    sys.modules["readline"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if sys.modules.get("readline", ...) is None:
            del sys.modules["readline"]
        if not completer:
            # It remembers that there was none.
            sys.modules.pop("rlcompleter", None)


@cache  # a class of every prompt's own would be cyclic garbage in the program
def wired_class() -> Any:  # noqa: C901 - a class body
    """Return pdb's class as a prompt over a socket."""
    base: Any = frontend.prompt_class(frontend.standard_pdb().Pdb)

    class Wired(base):  # type: ignore[misc]
        """A debugger that asks a client for its lines."""

        def __init__(self, talk: Talk) -> None:
            super().__init__(stdout=Output(talk), nosigint=True, skip=frontend.OURS, readrc=False)
            self.talk = talk
            self.lineno = None
            self.halt: Any = None

        def cmdloop(self, _intro: str | None = None) -> None:
            """Read and run lines until one resumes the program."""
            self.preloop()
            stop = None
            while not stop:
                line = self.cmdqueue.pop(0) if self.cmdqueue else self.ask_line()
                with Running(self.talk):
                    stop = self.onecmd(self.precmd(line))
                stop = self.postcmd(stop, line)
            self.stdout.flush()
            self.postloop()

        def ask_line(self) -> str:
            """Return the client's next line; when it is gone, the program goes on without a breakpoint."""
            self.talk.complete = partial(completions, self)
            try:
                self.stdout.flush()
                message = self.talk.ask(self.prompt)
                while "line" not in message:
                    message = self.talk.ask(self.prompt)
            except Gone:
                return "quit"
            line = str(message["line"])
            return "quit" if line == "EOF" else line

        def onecmd(self, line: str) -> Any:
            """Run a line, unless it needs a terminal here."""
            word = self.parseline(line)[0] or ""
            if word in NOT_HERE:
                self.error(f"{word} needs the program's own terminal; it cannot be had over -p")
                return False
            return super().onecmd(line)

        def interaction(self, *where: Any) -> None:
            """Prompt in the main thread, which stands still meanwhile."""
            with self.halt:
                super().interaction(*where)

        def do_quit(self, _arg: str) -> Any:
            """q(uit)

            Leave; the program goes on, and nothing is left in it.
            """  # noqa: D400, D415 - usage first, as in every pdb command
            self.talk.leaving = True
            if self.halt is None:
                return True
            self.clear_all_breaks()
            return self.do_continue("")

        do_q = do_exit = do_quit

        def do_stop(self, _arg: str) -> bool:
            """stop

            Halt the main thread where it is; `c` lets it go on.
            """  # noqa: D400, D403, D415
            self.error("the program stands still already; c lets it go on")
            return False

        def set_convenience_variable(self, *_what: Any) -> None:
            """Leave no `$name` in the program's globals."""

        def choose(self, index: int) -> None:
            """Look at one frame of the stack."""
            self.curindex = index
            self.curframe = self.stack[index][0]
            self.curframe_locals = self.curframe.f_locals

        def names(self) -> dict[str, Any]:
            """Return all names of the chosen frame, and a `print` that prints here."""
            frame = self.curframe
            main = sys.modules["__main__"].__dict__
            space = {"print": self.print, **(main if frame is None else frame.f_globals)}
            if frame is not None:
                space.update(self.curframe_locals)
            return space

        def print(self, *items: Any, **options: Any) -> None:
            """Print to the client where no file is given."""
            options.setdefault("file", self.stdout)
            print(*items, **options)  # noqa: T201 - what it is for

        def default(self, line: str) -> None:
            """Evaluate an expression, or run a statement, in the chosen frame."""
            line = line.removeprefix("!").strip()
            try:
                self.execute(line)
            except (Exception, SystemExit):  # noqa: BLE001 - whatever the line raises is its answer
                self._error_exc()

        def execute(self, line: str) -> None:
            try:
                code = compile(f"{line}\n", "<stdin>", "eval")
            except SyntaxError:
                code = compile(f"{line}\n", "<stdin>", "exec")
                frame = self.curframe
                space = sys.modules["__main__"].__dict__ if frame is None else frame.f_globals
                names = space if frame is None else self.curframe_locals
                exec(code, space, cast("dict[str, Any]", Names(names, space, self.print)))  # noqa: S102 - it is what the user typed
                return
            value = eval(code, self.names())  # noqa: S307 - likewise
            if value is not None:
                self.message(repr(value))

        def _getval(self, arg: str) -> Any:
            try:
                return eval(arg, self.names())  # noqa: S307 - likewise
            except (Exception, SystemExit):
                self._error_exc()
                raise

        def do_leak(self, arg: str) -> None:
            """leak [COMMAND] [SUBJECT] [N] [options]

            Find what leaks, what holds it and which reference to cut.
            """  # noqa: D400, D403, D415
            with descriptors.Headroom(calls=0):
                with turns.Short():
                    from pdbleak.remote import answering  # noqa: PLC0415 - waits for the first `leak`

                answering.answer(self, arg)

        def answer_here(self, arg: str) -> None:
            """Answer a `leak` line in this process."""
            from pdbleak.remote import answering  # noqa: PLC0415 - likewise

            answering.answer_here(self, arg, super().do_leak)

    return Wired


class Names:
    """The variables that a statement sees and sets: the frame's, and `print` where there is no other."""

    def __init__(self, names: Any, outside: dict[str, Any], printing: Any) -> None:
        """Lay `print` below the frame's names."""
        self.names = names
        self.outside = outside
        self.printing = printing

    def __getitem__(self, name: str) -> Any:
        if name == "print" and name not in self.names and name not in self.outside:
            return self.printing
        return self.names[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.names[name] = value

    def __delitem__(self, name: str) -> None:
        del self.names[name]


def completions(debugger: Any, message: dict[str, Any]) -> list[str]:
    """Return what a word of a line can be completed to."""
    line, text = str(message.get("complete", "")), str(message.get("word", ""))
    begin = len(line) - len(text)
    if line.lstrip().startswith("leak "):
        found = debugger.complete_leak(text, line, begin, len(line))
    elif begin <= len(line) - len(line.lstrip()):
        # Not the debugger's own: from CPython 3.13 on it evaluates, which may run the program's code.
        found = [*Cmd.completenames(debugger, text), *names_like(debugger, text)]
    else:
        found = names_like(debugger, text)
    return sorted(set(map(str, found)))


def names_like(debugger: Any, text: str) -> list[str]:
    """Return the names that begin with a text; of what follows a dot only what a plain `dir` tells."""
    space = debugger.names()
    head, dot, last = text.rpartition(".")
    if not dot:
        return [name for name in space if name.startswith(text)]
    value: Any = space.get(head.partition(".")[0])
    for part in head.split(".")[1:]:
        value = object.__getattribute__(value, part)
    return [f"{head}.{name}" for name in object.__dir__(value) if name.startswith(last)]

"""Which debugger is the front end, made into a prompt of our own; knows nothing of what `leak` answers.

pdb++ where it can be imported, the standard library's pdb otherwise: pdb++ 0.12.1 fails on CPython 3.13.0,
and its `.pth` file then breaks `import pdb` as well. The first prompt pays for
the import, and the program starts without either; so that it keeps to 0.1 s from the key, pdb++'s first
prompt shows its one line of source without colours.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pdbleak import idle, interrupt, remains
from pdbleak.patterns import compile_apart
from pdbleak.terminal import LineReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


# Stepping never stops inside the launcher.
OURS = ("pdbleak", "pdbleak.*")
# What leaves the prompt must do so whatever the program calls its variables: it stands still meanwhile.
ALWAYS_COMMANDS = ("leak", "interrupt", "c", "cont", "continue", "q", "quit", "exit")
# The names of the tools that give a second opinion.
OPINIONS = compile_apart(r"\b(?:hp|objgraph)\b")
# Packages that were imported for a prompt only, and are no part of the program.
BROUGHT: set[str] = set()


@cache
def standard_pdb() -> Any:
    """Return the standard library's pdb module, also where pdb++ took its name."""
    home = os.path.dirname(os.__file__)  # noqa: PTH120 - pathlib is not loaded yet
    loaded = sys.modules.get("pdb")
    if loaded is not None and os.path.dirname(loaded.__file__ or "") == home:  # noqa: PTH120
        return loaded
    spec = PathFinder.find_spec("pdb", [home])
    if spec is None or spec.loader is None:
        import pdb  # noqa: PLC0415, T100 - a library that is no folder of files

        return pdb
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def base(*, plain: bool) -> Any:
    """Return the class of the front end: pdb++'s where it works and is wanted, else pdb's."""
    if not plain:
        before = {name.partition(".")[0] for name in sys.modules}
        try:
            import fancycompleter  # noqa: PLC0415 - optional
            import pdbpp  # noqa: PLC0415 - optional

            with suppress(ImportError):
                # pdb++ would import them at the first line of source that it prints.
                for name in ("pygments.formatters", "pygments.lexers"):
                    import_module(name)
        except Exception:  # noqa: BLE001 - how it fails depends on the version; plain pdb is good enough
            return standard_pdb().Pdb
        # pyrepl replaces `input` in the whole program, and knows no terminal but descriptors 0 and 1.
        fancycompleter.DefaultConfig.prefer_pyrepl = False
        BROUGHT.update({name.partition(".")[0] for name in sys.modules} - before - sys.stdlib_module_names)
        return pdbpp.Pdb
    return standard_pdb().Pdb


def brought() -> Iterator[Any]:
    """Yield the modules that were imported for a prompt only, with their names and classes."""
    if standard_pdb.cache_info().currsize:
        yield standard_pdb()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in BROUGHT and isinstance(module, ModuleType):
            yield module
            yield module.__dict__
            yield from [item for item in module.__dict__.values() if issubclass(type(item), type)]


def make(reader: LineReader, output: Any, *, plain: bool) -> Any:
    """Return a new debugger on these streams; it sets no signal handler and is not kept by pdb++."""
    found = base(plain=plain)
    options = {} if plain or found.__module__ == "pdb" else {"use_global_pdb": False, "set_global_pdb": False}
    return prompt_class(found)(stdin=reader, stdout=output, nosigint=True, skip=OURS, **options)


@cache  # a class of every prompt's own would be cyclic garbage in the program
def prompt_class(base: Any) -> Any:  # noqa: C901 - a class body
    """Return the front end's class as a prompt that opens outside of tracing and ends without a trace."""

    class Prompt(base):  # type: ignore[misc]
        """A debugger whose `c` leaves nothing behind, with `interrupt` and a `q` that ends the program."""

        stepping = False
        leaving = False
        interrupting = False
        shown = False
        timeout = 0.0
        # What opened it, if that was the key: `leak auto` comes back through it.
        launch: Any = None
        # Not `cmdqueue`: since 3.13 pdb puts the printing of the place there, which comes first.
        pending: list[str] = []  # noqa: RUF012 - replaced by the launcher's own

        def format_source(self, src: str) -> str:
            """Show the first prompt's source without colours: pdb++ takes 50 ms to make them ready."""
            return str(super().format_source(src)) if self.shown else src

        def _set_stopinfo(self, *stops: Any, **options: Any) -> None:
            # All of step, next, until and return come here; only `set_continue` takes it back.
            super()._set_stopinfo(*stops, **options)
            self.stepping = True

        def set_continue(self) -> None:
            """Run on; the tracing of somebody else (a coverage measurement, say) stays."""
            if remains.is_tracer_of(sys.gettrace(), self):
                super().set_continue()
                if not self.breaks:
                    remains.forget_tracing(self, sys._getframe())  # noqa: SLF001 - as bdb does it
            else:
                self._set_stopinfo(self.botframe, None, -1)
            self.stepping = False

        def trace_dispatch(self, frame: FrameType, event: str, arg: Any) -> Any:
            """Trace on, unless this very event ended the tracing: the answer would stay on the frame."""
            if not self.__dict__:
                # This one is done: a coroutine slept since it was traced, and another debugger traces now.
                if remains.is_tracer_of(frame.f_trace, self):
                    del frame.f_trace
                return None
            again = super().trace_dispatch(frame, event, arg)
            return again if sys.gettrace() is not None else None

        def complete(self, text: str, state: int) -> str | None:
            """Complete a `leak` line by our own words only: pdb++ would mix in every Python name."""
            import readline  # noqa: PLC0415 - who presses Tab has it

            line = readline.get_line_buffer().lstrip()
            if not line.startswith("leak "):
                found: str | None = super().complete(text, state)
                return found
            if state == 0:
                begin = readline.get_begidx() - len(readline.get_line_buffer()) + len(line)
                self.matches = self.complete_leak(text, line, begin, begin + len(text))
            return self.matches[state] if state < len(self.matches) else None

        def cmdloop(self, intro: str | None = None) -> None:
            """Read and run lines until one resumes the program."""
            with interrupt.Typing():
                if not isinstance(self.stdin, LineReader):
                    super().cmdloop(intro)
                    return
                try:
                    self.loop()
                except KeyboardInterrupt:
                    self.stdin.forget()
                    raise

        def loop(self) -> None:
            """Do as `cmd.Cmd.cmdloop` does, with lines from our reader."""
            self.preloop()
            stop = None
            with completing(self):
                while not stop:
                    line = self.cmdqueue.pop(0) if self.cmdqueue else self.ask_line()
                    line = self.precmd(line)
                    stop = self.postcmd(self.onecmd(line), line)
                self.postloop()

        def ask_line(self) -> str:
            type(self).shown = True
            if self.pending:
                return str(self.pending.pop(0))
            try:
                with idle.Limit(self.timeout):
                    line = str(self.stdin.ask(self.prompt))
            except idle.Idle:
                self.message(f"\npdbleak: nothing was typed for {self.timeout:g} s; the program goes on")
                return "continue"
            if line:
                return line.rstrip("\r\n")
            # Ctrl+D quits as in pdb; a terminal that is gone must not end a daemon.
            return "EOF" if self.stdin.isatty() else "continue"

        def precmd(self, line: str) -> str:
            """Make `hp` and `objgraph` names from the first line on that says one of them."""
            if OPINIONS.search(line):
                from pdbleak import plugin  # noqa: PLC0415 - waits until it is needed

                plugin.adopt(self)
            return str(super().precmd(line))

        def parseline(self, line: str) -> Any:
            """Read these words as the commands, where pdb++ would print a variable of that name."""
            if line.strip() in ALWAYS_COMMANDS:
                return line.strip(), "", line.strip()
            return super().parseline(line)

        def do_quit(self, _arg: str) -> bool:
            """q(uit)

            End the program, with status 1.
            """  # noqa: D400, D415 - usage first, as in every pdb command
            self.set_quit()
            self.leaving = True
            return True

        do_q = do_exit = do_quit

        def do_EOF(self, arg: str) -> bool:  # noqa: N802 - the name `cmd` looks for
            """EOF

            End the program, as `quit` does.
            """  # noqa: D400, D415
            self.message("")
            return self.do_quit(arg)

        def do_interrupt(self, arg: str) -> Any:
            """interrupt

            Continue, and give the program the Ctrl+C that opened this prompt.
            """  # noqa: D400, D403, D415
            self.interrupting = True
            return self.do_continue(arg)

        def interaction(self, *where: Any) -> None:
            """Prompt, and end the program if that was asked for, past any `except Exception` of its own."""
            paint = getattr(super(), "format_source", None)
            if self.shown and paint is not None:
                # The second prompt makes the colours, whether or not it has a line to colour.
                paint("")
            try:
                super().interaction(*where)
            finally:
                remains.let_go(self)
            if self.leaving:
                raise SystemExit(1)

    return Prompt


@contextmanager
def completing(debugger: Any) -> Iterator[None]:
    """Complete with the debugger while it asks for lines, and give readline back as it was."""
    try:
        import readline  # noqa: PLC0415 - not everywhere
    except ImportError:
        yield
        return
    before = readline.get_completer()
    readline.set_completer(debugger.complete)
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before)

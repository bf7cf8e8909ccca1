"""The prompt over a saved heap: the same commands, no process, no debugger."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

from pdbleak import plugin, streams
from pdbleak.command import CommandError
from pdbleak.commands import COMMANDS
from pdbleak.completion import complete
from pdbleak.saved.container import BadFileError
from pdbleak.saved.markcolumns import read_marks
from pdbleak.saved.reading import open_file, read_heap
from pdbleak.saved.walking import find_named
from pdbleak.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdbleak.analyses.mark import Mark
    from pdbleak.heap import Heap

PROMPT = "(leak) "


def run(path: str, lines: Iterable[str] = ()) -> int:
    """Open a saved heap, run some lines, and prompt for more; return the process's status."""
    try:
        heap, facts = open_heap(path)
        marks = open_marks(path)
    except CommandError as error:
        sys.stderr.write(f"pdbleak: {error}\n")
        return 2
    session = Session(
        COMMANDS,
        saved=heap,
        saved_path=os.path.abspath(os.path.expanduser(path)),  # noqa: PTH100, PTH111
        saved_marks=marks,
        saved_facts=facts,
    )
    session.evaluate = lambda text: evaluate(session, text)
    plugin.SESSION = session
    try:
        print(about(path, heap, facts))  # noqa: T201 - this process is ours
        status = prompt(session, lines)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read it has seen enough; nor shall the end of Python try to write what is left.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def prompt(session: Session, lines: Iterable[str]) -> int:
    """Run some lines, and prompt for more until the last one; return the process's status."""
    for line in lines:
        if not answer(line):
            return 0
    edit_lines(session)
    while True:
        try:
            line = input(PROMPT)
        except EOFError:
            return 0
        except KeyboardInterrupt:
            print()  # noqa: T201
            continue
        if not answer(line):
            return 0


def open_heap(path: str) -> tuple[Heap, dict[str, Any]]:
    """Return the heap of a file and the facts about it; CommandError where that cannot be."""
    with refused_in_words(path):
        return read_heap(path)


def open_marks(path: str) -> tuple[Mark, ...]:
    """Return the marks of a file, none where an older pdbleak has written it; CommandError as above."""
    with refused_in_words(path):
        return read_marks(open_file(path))


@contextlib.contextmanager
def refused_in_words(path: str) -> Iterator[None]:
    """Make what is wrong with a file one line: a CommandError."""
    try:
        yield
    except BadFileError as error:
        raise CommandError(f"cannot load {path!r}: {error}; leak save FILE writes another") from None
    except MemoryError:
        raise CommandError(f"cannot load {path!r}: there is no room for it in memory") from None
    except OSError as error:
        raise CommandError(f"cannot load {path!r}: {error.strerror or error}") from None


def about(path: str, heap: Heap, facts: dict[str, Any]) -> str:
    """Return the line that says whose heap it is."""
    program = str(facts.get("program") or "a process")
    shown = program if program.isprintable() else ascii(program)
    objects = f"{heap.graph.nodes:,} objects of {shown}, Python {facts.get('python')!s:.20}"
    redacted = "; redacted: no values are in it" if facts.get("redacted") else ""
    return f"pdbleak: {os.fspath(path)}: {objects}{redacted}; leak help lists the commands, q ends"


def answer(text: str) -> bool:
    """Answer one line, with or without `leak` in front; tell whether there may be another."""
    words = text.split(None, 1)
    if words in (["q"], ["quit"], ["exit"]):
        return False
    line = (words[1] if len(words) > 1 else "") if words[:1] == ["leak"] else text.strip()
    if not words:
        return True
    out = sys.stdout
    try:
        width, colour = streams.width(out), streams.wants_colour(out)
        mistake = plugin.respond(line, print, width=width, colour=colour)
    except KeyboardInterrupt:
        mistake = "KeyboardInterrupt"
    if mistake:
        print("***", mistake)  # noqa: T201
    return True


def evaluate(session: Session, text: str) -> Any:
    """Return what an expression means here: a handle, an address, or a name that leads from a module."""
    if text.strip("() ") in session.handles:
        return session.handles[text.strip("() ")]
    heap = session.heap()
    node = find_named(heap, text)
    if node is None:
        raise CommandError(
            f"{text}: NameError: a saved heap has no frame to evaluate it in; "
            "type a handle (_1), an address (0x7f...) or module.attribute"
        )
    return heap.resolve([node])[node]


def edit_lines(session: Session) -> None:
    """Let readline edit and complete lines, where it is there."""
    try:
        import readline  # noqa: PLC0415 - a pipe needs none
    except ImportError:
        return

    def names() -> Iterable[str]:
        yield from session.type_names()
        yield from session.handles

    def offer(text: str, state: int) -> str | None:
        before = readline.get_line_buffer()[: readline.get_begidx()]
        prefix = (
            ""
            if before.split()[:1] == ["leak"] or (not before and "leak".startswith(text) and text)
            else "leak "
        )
        found = complete(text, prefix + before, COMMANDS, names)
        return found[state] if state < len(found) else None

    readline.set_completer(offer)
    readline.set_completer_delims(" \t\n")
    readline.parse_and_bind("tab: complete")

"""One `leak` line of a client: where its files go and what its capture cost; knows no command.

The answer is kept until it is whole: a client that does not read must not hold up the collector, which is
paused during a command.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pdbleak import pictures, plugin
from pdbleak.remote import turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.analyses.tree import ReferenceTree
    from pdbleak.command import Line
    from pdbleak.remote.talk import Talk

THERE = "--there"
# Tools that hold every object while they look. Beside a program that runs that would be fatal, since objects
# are among them that it is just building or taking apart: they look at a copy.
HOLDING = frozenset({"heap", "objgraph"})


def answer(debugger: Any, text: str) -> None:
    """Answer a line; in a forked child if the client wants that, or the tool needs it, and it can be done."""
    words = text.split()
    held = bool(words) and words[0] in HOLDING
    if debugger.halt is not None or debugger.talk.is_child or not (debugger.talk.fork or held):
        debugger.answer_here(text)
        return
    from pdbleak.remote import forking  # noqa: PLC0415 - few want it

    if not forking.is_for_child(words):
        debugger.answer_here(text)
        return
    try:
        seconds = forking.answer(debugger, text, debugger.looking)
    except OSError as error:
        otherwise = "type stop first" if held else "without --fork the line is answered in the process itself"
        debugger.error(f"{error}; {otherwise}")
    else:
        debugger.message(f"(answered in a child; the fork paused the program for {duration(seconds)})")


def answer_here(debugger: Any, text: str, respond: Callable[[str], None]) -> None:
    """Answer a line by `respond`, then say for how long the program stood still for it."""
    output = debugger.stdout
    words = text.split()
    there = debugger.talk.there or THERE in words
    outlet = None if there else Outlet(debugger.talk)
    plugin.SESSION.paused = 0.0
    output.held = True
    debugger.outlet = outlet
    # What waits for the program must not change its pace.
    pace = nullcontext() if words[:1] == ["auto"] else turns.Short()
    try:
        with pace:
            respond(" ".join(word for word in words if word != THERE) if THERE in words else text)
        if plugin.SESSION.paused and debugger.halt is None and not debugger.talk.is_child:
            debugger.message(f"(the capture paused the program for {duration(plugin.SESSION.paused)})")
    finally:
        debugger.outlet = None
        output.held = False
        if outlet is not None:
            outlet.clear()
    output.flush()


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


class Outlet:
    """Lets a command write its file into a folder of ours, and sends it on to the client."""

    def __init__(self, talk: Talk) -> None:
        """Send files to a client."""
        self.talk = talk
        self.folder = ""
        self.wanted: dict[str, str] = {}
        self.pictures: set[str] = set()
        self.sent: dict[str, str] = {}

    def redirect(self, line: Line) -> Line:
        """Return the line with each file's path in our folder in the place of the one that was typed."""
        if line.output:
            line = replace(line, output=self.room_for(line.output))
        for argument in line.command.arguments:
            path = line.options.get(argument.name)
            if argument.kind == "subject" and argument.metavar.startswith("FILE") and path:
                line = replace(line, options={**line.options, argument.name: self.room_for(str(path))})
        return line

    def room_for(self, wanted: str) -> str:
        """Return a path in our folder for a file that the client wants under a name of its own."""
        if not self.folder:
            self.folder = tempfile.mkdtemp(prefix="pdbleak-")
        path = f"{self.folder}/{os.path.basename(wanted) or 'answer'}"  # noqa: PTH119 - no pathlib
        self.wanted[path] = wanted
        return path

    def room_for_picture(self, tree: ReferenceTree) -> str:
        """Return a path in our folder for a picture that the client has given no name."""
        path = self.room_for(f"{pictures.stem(tree)}.svg")
        self.pictures.add(path)
        return path

    def renamed(self, line: str) -> str:
        """Return a line of the answer, which may name a path of ours, as the client has to read it.

        The files are sent before the first line that names one.
        """
        if self.folder and self.folder in line:
            self.sent.update(self.send())
            for ours, theirs in self.sent.items():
                line = line.replace(ours, theirs)
        return line

    def send(self) -> dict[str, str]:
        """Send what was written; return where each path of ours is at the client."""
        found = {}
        for name in os.listdir(self.folder):  # noqa: PTH208
            path = f"{self.folder}/{name}"
            stem = path.rpartition(".")[0]
            near = [wanted for ours, wanted in self.wanted.items() if ours.rpartition(".")[0] == stem]
            wanted = self.wanted.get(path) or f"{near[0].rpartition('.')[0]}.{path.rpartition('.')[2]}"
            found[path] = self.talk.send_file(wanted, path, picture=path in self.pictures)
            os.unlink(path)  # noqa: PTH108
        return found

    def clear(self) -> None:
        """Remove our folder and what is left in it."""
        if not self.folder:
            return
        with suppress(OSError):
            for name in os.listdir(self.folder):  # noqa: PTH208
                os.unlink(f"{self.folder}/{name}")  # noqa: PTH108
            os.rmdir(self.folder)  # noqa: PTH106

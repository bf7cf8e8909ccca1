"""`leak diff`: what changed between two marks, or between two saved heaps."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pdbleak.analyses.allocations import find_origins
from pdbleak.analyses.diff import compare_marks
from pdbleak.analyses.series import START
from pdbleak.analyses.sidebyside import compare_heaps
from pdbleak.command import CommandError, command, flag, subject
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pdbleak.analyses.difference import Difference
    from pdbleak.analyses.mark import Mark
    from pdbleak.heap import Heap
    from pdbleak.saved.sides import Side
    from pdbleak.session import Session

SHOWN, ALL = 10, 1_000_000
MOST_NAMES = 2
NOW = "now"
USAGE = "leak diff [A [B]]"
WORD = compile_apart(r""""([^"]+)"|'([^']+)'|(\S+)""")
FILE = compile_apart(r"\.leak$|/")


def names_in(text: str) -> list[str]:
    """Return the names in a subject, which may stand in quotes."""
    return ["".join(match) for match in WORD.findall(text)]


def two_files(text: str) -> list[str]:
    """Return the names of two files; none where another thing is compared."""
    names = names_in(text)
    return names if len(names) == MOST_NAMES and all(map(FILE.search, names)) else []


@command(
    subject(
        "A B",
        "names of two marks, or two saved heaps; without B up to now, without A from the first mark",
        required=False,
    ),
    flag("all", "show every path that changed, not only the first ten"),
    files=two_files,
)
def diff(session: Session, *, subject: str, all: bool) -> Difference:  # noqa: A002 - the option's name
    """Compare marks or saved heaps: which paths grew, by how much a minute, with a verdict for each.

    What only grows rose to the end at a similar rate. Warm-up rose, and stopped or falls off. What is drained
    left a tenth of its most; churn is other objects, as many. With one interval it can only be said that
    something grew: marks between the two say more. While `leak trace` is on, the line is told that allocated
    most of what grew.

    A.leak is what `leak save A.leak` wrote. Of one process two files are compared like marks, with those
    that it had left in between; of two, such as workers of one service, without time: which has more of what.
    """
    names = names_in(subject)
    if len(names) > MOST_NAMES:
        raise CommandError(f"two marks are compared, not {len(names)}; type: {USAGE}")
    limit = ALL if all else SHOWN
    if any(is_file(session, name) for name in names):
        return between_files(session, names, limit=limit)
    first = session.marks.find(names[0]) if names else None
    last = session.marks.find(names[1]) if len(names) == MOST_NAMES else session.mark()
    if last is first and len(names) == 1 and session.saved is None:
        # What was captured last is that mark itself: what is there now is meant.
        session.forget_heap()
        last = session.mark()
    marks = list(session.marks)
    # What is imported after a mark of the program's start is no growth.
    first = first or marks[marks[0].name == START and len(marks) > MOST_NAMES]
    if names and first.taken >= last.taken:
        raise CommandError(f"mark {first.name} is not older than mark {last.name}; type: {USAGE}")
    between = [mark for mark in marks if first.taken <= mark.taken <= last.taken]
    return compare_marks(between, limit=limit, origins=origins_in(session.captured, last))


def origins_in(heap: Heap | None, last: Mark) -> Callable[[Sequence[int]], dict[int, str]] | None:
    """Return what tells where the objects in a mark's rows were allocated: of a capture that is there."""
    if heap is None or heap._cache.get("mark") is not last:  # noqa: SLF001 - its place
        return None
    return partial(find_origins, heap)


def is_file(session: Session, name: str) -> bool:
    """Tell whether a name means a saved heap; a mark of that name wins."""
    return bool(FILE.search(name)) and all(mark.name != name for mark in session.marks)


def between_files(session: Session, names: list[str], *, limit: int) -> Difference:
    """Compare what two names mean, of which one is a file at least; what is there now is meant by none."""
    # zlib and json are loaded by those who read files, not by all who debug.
    from pdbleak.saved.sides import alike, marks_between  # noqa: PLC0415

    first = side(session, names[0])
    last = side(session, names[1] if len(names) == MOST_NAMES else "")
    if first.is_of_same_process(last):
        if first.last.taken >= last.last.taken:
            turned = f"; type: leak diff {' '.join(names[::-1])}" if len(names) == MOST_NAMES else ""
            raise CommandError(f"{first.name} is not older than {last.name}{turned}")
        found = compare_marks(alike(first, last, marks_between(first, last)), limit=limit)
    else:
        found = compare_heaps(*alike(first, last, [first.last, last.last]), limit=limit)
    return replace(found, before=first.name, after=last.name, next=_next(session, found.next, last))


def side(session: Session, name: str) -> Side:
    """Return what a name means: a file, a mark of this heap, or what is there now."""
    from pdbleak.saved.container import BadFileError  # noqa: PLC0415
    from pdbleak.saved.sides import Side, number_in, read_side  # noqa: PLC0415
    from pdbleak.saved.whose import process_number  # noqa: PLC0415

    if name and is_file(session, name):
        try:
            return read_side(name)
        except BadFileError as error:
            raise CommandError(f"cannot compare {name!r}: {error}; leak save FILE writes another") from None
        except OSError as error:
            raise CommandError(f"cannot compare {name!r}: {error.strerror or error}") from None
    named = name not in ("", NOW) or any(mark.name == name for mark in session.marks)
    last = session.marks.find(name) if named else session.mark()
    marks = tuple(mark for mark in session.marks if mark.taken <= last.taken)
    saved = session.saved is not None
    number = number_in(session.saved_facts) if saved else process_number(session.stands_for or os.getpid())
    redacted = session.saved_facts.get("redacted") is True
    return Side(name or session.saved_path or NOW, marks, number, redacted=redacted)


def _next(session: Session, proposed: str, last: Side) -> str:
    """Return the next command: of a file that is not open, to open it."""
    here = not is_file(session, last.name) or (
        session.saved_path and os.path.realpath(last.name) == os.path.realpath(session.saved_path)
    )
    return proposed if here else f"python -m pdbleak --load {last.name}"

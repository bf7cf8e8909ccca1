"""`leak save`: the heap to a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pdbleak.analyses.saving import Saved
from pdbleak.command import CommandError, command, flag, subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.analyses.mark import Mark
    from pdbleak.saved.writing import Written
    from pdbleak.session import Session


SNAPSHOT = ".heapsnapshot"


@command(
    subject("FILE", "the file to write: heap.leak, or heap.heapsnapshot for other viewers"),
    flag("redact", "leave all values out: forms, and keys that are no attribute's name"),
)
def save(session: Session, *, subject: str, redact: bool) -> Saved:
    """Save the heap to a file, for the same commands without the process.

    `python -m pdbleak --load FILE` opens a prompt over it, on any machine. The file has the whole graph,
    types, sizes, frames, names of the references, short forms of the objects, and the marks so far: `leak
    diff` compares files. Only its owner may read it: forms and names show data of the program, and --redact
    leaves them out.

    A name that ends in .heapsnapshot gets V8's format, which Chromium's developer tools (Memory, Load) and
    memlab open: the same objects, sizes and references. -o x.heapsnapshot does it from any command.
    """
    path = subject.strip("\"'")
    is_snapshot = path.lower().endswith(SNAPSHOT)
    if session.saved is not None and not is_snapshot:
        raise CommandError(f"this heap is saved already; type: leak save heap{SNAPSHOT}")
    # zlib and json are loaded by those who save, not by all who debug.
    if is_snapshot:
        from pdbleak.saved.snapshot import write_snapshot  # noqa: PLC0415

        write: Callable[..., Written] = write_snapshot
    else:
        from pdbleak.saved.writing import write_heap  # noqa: PLC0415

        process = session.stands_for
        write = partial(
            write_heap, marks=marks_until_now(session), collecting=session.collecting, process=process
        )

    heap = session.heap()
    try:
        written = write(heap, path, redact=redact, tell=session.tell)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CommandError(f"cannot write {path!r}: {reason}; type a path that can be written") from None
    return Saved(
        path=written.path,
        size=written.size,
        objects=heap.graph.nodes,
        references=heap.graph.references,
        forms=written.forms,
        missed=written.missed,
        redacted=redact,
        seconds=written.seconds,
        next="leak top 10" if is_snapshot else f"python -m pdbleak --load {written.path}",
    )


def marks_until_now(session: Session) -> tuple[Mark, ...]:
    """Return the marks that belong to a heap: those before it, and its own; none where there is no room."""
    try:
        own = session.mark()
    except MemoryError:
        return ()
    return tuple(mark for mark in session.marks if mark.taken <= own.taken)

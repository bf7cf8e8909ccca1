"""`leak sql`: a question about the heap, or about saved ones, in SQL."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pdbleak.analyses.query import QueryResult
from pdbleak.command import CommandError, command, subject
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.saved.asking import Found
    from pdbleak.session import Session

MOST_ROWS = 1000
QUOTED = compile_apart(r"""(?s)(?P<quote>["'])(?P<sql>.*)(?P=quote)(?:\s+(?P<path>\S.*))?""")
EXAMPLE = 'leak sql "select type, count(*) from objects group by type order by 2 desc limit 9"'


def named_files(text: str) -> list[str]:
    """Return the file or folder that is asked, if one is named."""
    match = QUOTED.fullmatch(text.strip())
    return [unquoted(match["path"])] if match and match["path"] else []


def unquoted(path: str) -> str:
    """Return a path that may have been typed in quotes."""
    return path.strip("\"'")


@command(
    subject("QUERY", 'a question in quotes, and maybe a file or folder to ask: "select ..." heaps/'),
    files=named_files,
)
def sql(session: Session, *, subject: str) -> QueryResult:
    """Ask the heap in SQL, or a saved one, or a folder of them, such as one of each worker.

    Tables: objects (node, address, type, module, size, retained, retained_objects, tracked, garbage,
    root, unexplained, form, verdict, reason), refs (src, dst, name), types (type, module, count, bytes),
    frames (frame, function, path, line, thread), locals (node, frame, name), files (path, program, python,
    made_by, process, saved, nodes, refs, redacted). Each has a column file too. Objects of no form of their
    own in the file have none; a verdict, alive or finished, has what tells of itself. What is retained is
    computed where it is asked for.

    DuckDB answers, in a process of its own, from a copy of the heap in a temporary file: nothing is loaded
    into the program. COPY (SELECT ...) TO 'x.parquet' writes Parquet. Needs pip install 'pdbleak[sql]'.
    """
    # Who asks in SQL pays for it, not all who debug.
    from pdbleak.saved.asking import RefusedError, ask  # noqa: PLC0415

    question, path = split(subject)
    began = time.monotonic()
    try:
        with file_of(session, path) as file:
            found = ask(question, file, most=MOST_ROWS)
    except RefusedError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"cannot ask: {error.strerror or error}; type: leak save FILE") from None
    return QueryResult(
        columns=found.columns,
        rows=found.rows,
        files=found.files,
        more=found.more,
        seconds=time.monotonic() - began,
        next=_next(session, found, path),
    )


def split(text: str) -> tuple[str, str]:
    """Return (the question, the path behind it); without quotes all of it is the question."""
    match = QUOTED.fullmatch(text.strip())
    question, path = (match["sql"], match["path"] or "") if match else (text, "")
    if not question.strip():
        raise CommandError(f"sql needs a question; type: {EXAMPLE}")
    return question, unquoted(path)


def _next(session: Session, found: Found, path: str) -> str:
    if session.saved is not None and not path and "address" in found.columns and found.rows:
        return f"leak show {found.rows[0][found.columns.index('address')]}"
    return f"python -m pdbleak --load {path}" if os.path.isfile(path) else "leak save heap.leak"  # noqa: PTH113


@contextmanager
def file_of(session: Session, path: str) -> Iterator[str]:
    """Yield the file that is asked: the named one, that of a saved heap, or a new one of the live heap."""
    if path or session.saved_path:
        yield path or session.saved_path
        return
    from pdbleak.saved.writing import write_heap  # noqa: PLC0415

    heap = session.heap()
    folder = tempfile.mkdtemp(prefix="pdbleak-sql-")
    try:
        file = os.path.join(folder, "now.leak")  # noqa: PTH118 - no pathlib in the program
        write_heap(heap, file, tell=session.tell)
        yield file
    finally:
        shutil.rmtree(folder, ignore_errors=True)

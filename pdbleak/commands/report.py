"""`leak report`: one page to look at."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.analyses.captured import describe_capture
from pdbleak.analyses.report import Report
from pdbleak.analyses.retained_census import take_retained_census
from pdbleak.analyses.top import find_top
from pdbleak.command import CommandError, command, flag, number, subject
from pdbleak.commands.backrefs import backrefs
from pdbleak.commands.history import history
from pdbleak.commands.memory import memory
from pdbleak.commands.paths import paths
from pdbleak.commands.save import marks_until_now
from pdbleak.commands.triage import triage

if TYPE_CHECKING:
    from pdbleak.analyses.retained_census import RetainedCensus
    from pdbleak.heap import Heap
    from pdbleak.session import Session

MOST_TYPES = 500
MOST_PATHS = 20
DEPTH = 4


@command(
    subject("FILE.html", "the page to write"),
    number("limit", "of how many types to show the paths and referrers", default=5, most=50),
    flag("redact", "leave all values out: forms, keys that are no attribute's name, the command line"),
)
def report(session: Session, *, subject: str, limit: int, redact: bool) -> Report:
    """Write one page to look at: findings, memory, history, types, the icicle of what retains what, paths.

    The page needs no network and no pdbleak: it can be sent to somebody. It shows short forms of objects,
    which are data of the program; --redact leaves them out, and what only the live objects tell with them.
    """
    path = subject.strip("\"'")
    if not path.lower().endswith(".html"):
        raise CommandError(f"a report is a page, not {path!r}; type: leak report heap.html")
    began = time.monotonic()
    if redact:
        page = report(without_values(session), subject=subject, limit=limit)
        return replace(page, redacted=True, program="", seconds=time.monotonic() - began)
    heap = session.heap()
    known, told = dict(session.handles), session.told
    live = session.saved is None
    census = take_retained_census(heap, limit=MOST_TYPES)
    shown = most_telling(heap, census, limit)
    try:
        return Report(
            path=path,
            program=whose(session),
            captured=describe_capture(heap),
            triage=triage(session),
            memory=memory(session) if live or session.mark().ledger.rss else None,
            history=history(session),
            types=census,
            top=find_top(heap, limit=10, form=session.form),
            paths=tuple(paths(session, subject=each, limit=MOST_PATHS) for each in shown),
            trees=tuple(backrefs(session, subject=each, depth=DEPTH) for each in shown),
            redacted=session.saved_facts.get("redacted") is True,
            seconds=time.monotonic() - began,
            next="leak",
        )
    finally:
        # What was picked for the page only is not held.
        session.handles.clear()
        session.handles.update(known)
        session.told = told


def without_values(session: Session) -> Session:
    """Return a session over the same heap without the program's values, as a saved one."""
    # zlib and json are loaded by those who want that.
    from pdbleak.saved.redacting import redacted  # noqa: PLC0415

    marks = marks_until_now(session)
    try:
        heap, kept = redacted(session.heap(), marks, tell=session.tell)
    except OSError as error:
        raise CommandError(
            f"cannot redact: {error.strerror or error}; type: leak save FILE --redact"
        ) from None
    facts = {"collecting": session.collecting, **session.saved_facts}
    return type(session)(session.commands, saved=heap, saved_marks=kept, saved_facts=facts)


def whose(session: Session) -> str:
    """Return whose heap it is: the file's name, or the program's command line."""
    if session.saved is not None:
        return session.saved_path
    from pdbleak.saved.writing import command_line  # noqa: PLC0415 - zlib and json only for those who save

    return command_line()[:200]


def most_telling(heap: Heap, census: RetainedCensus, limit: int) -> list[str]:
    """Return the types of the program that retain most, or of the others where it has none."""
    own = heap.program_types
    names = [row.type for row in census.rows if row.type in own and row.type.isprintable()]
    return names[:limit] or [row.type for row in census.rows if row.type.isprintable()][:limit]

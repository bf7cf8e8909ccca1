"""`leak diff`: what changed between two marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.diff import compare_marks
from pdbleak.analyses.series import START
from pdbleak.command import CommandError, command, flag, subject

if TYPE_CHECKING:
    from pdbleak.analyses.difference import Difference
    from pdbleak.session import Session

SHOWN, ALL = 10, 1_000_000
MOST_NAMES = 2
USAGE = "leak diff [A [B]]"


@command(
    subject("A B", "names of two marks; without B up to now, without A from the first", required=False),
    flag("all", "show every path that changed, not only the first ten"),
    live=True,
)
def diff(session: Session, *, subject: str, all: bool) -> Difference:  # noqa: A002 - the option's name
    """Compare marks: which paths grew, by how much a minute, with a verdict for each.

    What only grows rose to the end at a similar rate. Warm-up rose, and stopped or falls off. What is drained
    left a tenth of its most; churn is other objects, as many. With one interval it can only be said that
    something grew: marks between the two say more.
    """
    names = subject.split()
    if len(names) > MOST_NAMES:
        raise CommandError(f"two marks are compared, not {len(names)}; type: {USAGE}")
    first = session.marks.find(names[0]) if names else None
    last = session.marks.find(names[1]) if len(names) == MOST_NAMES else session.mark()
    if last is first and len(names) == 1:
        # What was captured last is that mark itself: what is there now is meant.
        session.forget_heap()
        last = session.mark()
    marks = list(session.marks)
    # What is imported after a mark of the program's start is no growth.
    first = first or marks[marks[0].name == START and len(marks) > MOST_NAMES]
    if names and first.taken >= last.taken:
        raise CommandError(f"mark {first.name} is not older than mark {last.name}; type: {USAGE}")
    between = [mark for mark in marks if first.taken <= mark.taken <= last.taken]
    return compare_marks(between, limit=ALL if all else SHOWN)

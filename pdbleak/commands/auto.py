"""`leak auto`: lets the program run for some marks, and comes back with the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.finding import Awaited, Triage
from pdbleak.command import CommandError, command, number, subject
from pdbleak.commands.triage import triage

if TYPE_CHECKING:
    from pdbleak.session import Session

MARKS, SECONDS = 3, 20
MOST_MARKS, MOST_SECONDS = 100, 86_400
USAGE = f"type: leak auto {MARKS} {SECONDS}"


@command(
    subject("N", "how many marks to take", required=False),
    number("seconds", "seconds between two marks", default=0, metavar="SECONDS", least=1, most=MOST_SECONDS),
    live=True,
)
def auto(session: Session, *, subject: str, seconds: int) -> Awaited | Triage:
    """Let the program run, take N marks SECONDS apart, come back to the prompt by itself and answer `leak`.

    Without numbers 3 marks, 20 s apart. With one number that many marks. The marks compare with each
    other and with all earlier ones: what grew at the start and then stopped is no leak. They come a little
    early or late, so as not to be in step with what the program does every so often. Ctrl+C comes back at
    once, and the marks that were taken count.
    """
    marks, apart = read_numbers(subject, seconds)
    if session.wait is None:
        raise CommandError("no prompt here to come back to; type: leak mark, and later: leak")
    session.mark()
    if session.wait(marks, apart):
        return triage(session)
    return Awaited(marks, apart, "")


def read_numbers(subject: str, seconds: int) -> tuple[int, int]:
    """Return (marks, seconds) of what was typed: the last number is the seconds only if there are two."""
    if not subject:
        marks, seconds = seconds or MARKS, SECONDS
    elif not (subject.isascii() and subject.isdigit()):
        raise CommandError(f"auto takes numbers, not {subject!r}; {USAGE}")
    else:
        marks = int(subject[:4])
    if not 0 < marks <= MOST_MARKS:
        raise CommandError(f"N of auto is 1 to {MOST_MARKS}; {USAGE}")
    return marks, seconds or SECONDS

"""`leak tasks`: what waits, where, and what it keeps alive meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.tasks import WaitCensus, find_waiting
from pdbleak.command import command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(number("limit", "how many places to show", default=20), live=True)
def tasks(session: Session, *, limit: int) -> WaitCensus:
    """Show where threads, tasks, coroutines and generators wait, and what their variables retain.

    Those that wait at one place are one row. A place is the innermost line outside of Python's own library;
    what is retained would be freed if their local variables were gone.
    """
    return find_waiting(session.heap(), limit=limit, form=session.form, bind=session.bind)

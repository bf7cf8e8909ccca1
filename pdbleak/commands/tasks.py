"""`leak tasks`: what waits, where, and what it keeps alive meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.tasks import WaitCensus, find_waiting
from pdbleak.analyses.waits import gather_waits
from pdbleak.command import CommandError, command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


OLDER = "this file is of an older pdbleak, and does not tell what waited; type: leak types"


@command(number("limit", "how many places to show", default=20))
def tasks(session: Session, *, limit: int) -> WaitCensus:
    """Show where threads, tasks, coroutines and generators wait, and what their variables retain.

    Those that wait at one place are one row. A place is the innermost line outside of Python's own library;
    what is retained would be freed if their local variables were gone.
    """
    heap = session.heap()
    waits = gather_waits(heap) if heap.recall is None else heap.recall.waits
    if waits is None:
        raise CommandError(OLDER)
    return find_waiting(heap, waits, limit=limit, form=session.form, bind=session.bind)

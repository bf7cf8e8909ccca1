"""`leak growth`: which types grew since the last call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.growth import Growth, compare
from pdbleak.command import command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(number("limit", "how many types to show", default=20), live=True)
def growth(session: Session, *, limit: int) -> Growth:
    """Show the types with more objects than at the last call; the first call only counts.

    Type it, continue with c, let the program work, interrupt it again, and type it once more.
    """
    heap = session.fresh()
    tally = heap.tally()
    seconds, before = session.recount(tally)
    return compare(before, tally, seconds=seconds, limit=limit, telling=heap.program_types)

"""`leak orphans`: objects with references that nothing visible owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.ledger import take_ledger, with_objects
from pdbleak.analyses.orphans import Orphans, find_orphans, mark_orphans, report_orphans
from pdbleak.command import command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(number("limit", "how many types to show", default=10), live=True)
def orphans(session: Session, *, limit: int) -> Orphans:
    """Show objects with references that nobody visible owns, by type: what a C extension leaks.

    The interpreter holds some hundreds so, always the same. The second call shows only what is new: type it,
    continue with c, let the program work, interrupt it, and type it again. Callbacks of atexit and elements
    of numpy's object arrays are told apart; so is memory that C code took without any object.
    """
    heap = session.fresh()
    ledger = with_objects(take_ledger(own=heap.nbytes), heap)
    found, complete = find_orphans(heap)
    now = mark_orphans(heap, found, ledger)
    before = session.look_for_orphans(now)
    return report_orphans(
        heap, found, before, now, bind=session.bind, form=session.form, limit=limit, complete=complete
    )

"""`leak orphans`: objects with references that nothing visible owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.ledger import take_ledger, unknown_ledger, with_objects
from pdbleak.analyses.orphans import Orphans, find_orphans, mark_orphans, report_orphans
from pdbleak.command import CommandError, command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


OLDER = "this file is of an older pdbleak, and does not tell what C held; type: leak types"


@command(number("limit", "how many types to show", default=10))
def orphans(session: Session, *, limit: int) -> Orphans:
    """Show objects with references that nobody visible owns, by type: what a C extension leaks.

    The interpreter holds some hundreds so, always the same. The second call shows only what is new: type it,
    continue with c, let the program work, interrupt it, and type it again. Callbacks of atexit and elements
    of numpy's object arrays are told apart; so is memory that C code took without any object.
    A saved heap is one look.
    """
    heap = session.fresh()
    live = heap.recall is None
    unowned = find_orphans(heap) if heap.recall is None else heap.recall.unowned
    if unowned is None:
        raise CommandError(OLDER)
    ledger = with_objects(take_ledger(own=heap.nbytes), heap) if live else unknown_ledger()
    now = mark_orphans(heap, unowned.found, ledger)
    before = session.look_for_orphans(now) if live else None
    return report_orphans(heap, unowned, before, now, bind=session.bind, form=session.form, limit=limit)

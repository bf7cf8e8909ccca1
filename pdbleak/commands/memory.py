"""`leak memory`: where the resident memory is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.collection import run_collection
from pdbleak.analyses.ledger import take_ledger, with_objects
from pdbleak.analyses.memory import Memory, experiment, give_back, report
from pdbleak.command import CommandError, command, flag
from pdbleak.limits import read_limits

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    flag("gc", "collect garbage, and show what that gave back; runs finalizers"),
    flag("trim", "have malloc give back what it keeps free, and show how much that was"),
)
def memory(session: Session, *, gc: bool, trim: bool) -> Memory:
    """Show where the resident memory is: Python objects, C heap, holes, files; and where it grew.

    The second call compares with the first: type it, continue with c, let the program work, interrupt it, and
    type it again. What grows says whose leak it is: Python's objects, or C code's; or nobody's, but
    holes that the allocators keep.
    """
    if session.saved is not None:
        return of_saved(session, asks=gc or trim)
    captured = session.captured
    ledger = take_ledger(own=captured.nbytes if captured else 0)
    own = 0
    notes: tuple[str, ...] = ()
    try:
        heap = session.heap()
        ledger = with_objects(ledger, heap)
        own = heap.nbytes
    except CommandError as error:
        notes = (f"Python objects over 512 B are counted in the C heap: {error}",)
    tried = []
    if gc:
        tried.append(experiment("gc", collect_now, own=own))
        session.forget_heap()
    if trim:
        tried.append(experiment("trim", give_back, own=0 if gc else own))
    before = session.reckon(ledger)
    return report(before, ledger, limits=read_limits(), experiments=tuple(tried), notes=notes)


def of_saved(session: Session, *, asks: bool) -> Memory:
    """Return the ledger that was saved with a heap, as the first call would have shown it."""
    if asks:
        reason = "--gc and --trim ask the running program, and this is a saved heap"
        raise CommandError(f"{reason}; type: leak memory")
    ledger = session.mark().ledger
    if not ledger.rss:
        raise CommandError("this file has no memory ledger, an older pdbleak has saved it; type: leak types")
    return report(None, ledger)


def collect_now() -> str:
    """Collect all garbage; say so where that cannot be done."""
    ran, _ = run_collection(2)
    return (
        ""
        if ran
        else "nothing was freed: a collection is running already, the prompt was opened inside of it"
    )

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
    live=True,
)
def memory(session: Session, *, gc: bool, trim: bool) -> Memory:
    """Show where the resident memory is: Python objects, C heap, holes, files; and where it grew.

    The second call compares with the first: type it, continue with c, let the program work, interrupt it, and
    type it again. What grows says whose leak it is: Python's objects, or C code's; or nobody's, but
    holes that the allocators keep.
    """
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


def collect_now() -> str:
    """Collect all garbage; say so where that cannot be done."""
    ran, _ = run_collection(2)
    return (
        ""
        if ran
        else "nothing was freed: a collection is running already, the prompt was opened inside of it"
    )

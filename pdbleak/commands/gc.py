"""`leak gc`: what is garbage, and what a collection frees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.collection import Collection, collect
from pdbleak.command import command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    number(
        "generation", "the oldest generation to collect, 0 to 2", default=2, metavar="GEN", least=0, most=2
    ),
    live=True,
)
def gc(session: Session, *, generation: int) -> Collection:
    """Show what is garbage now, then collect it and show what was freed.

    Looks before it collects: uncollected cycles may be the leak, and a collection destroys the evidence.
    Runs the finalizers of what it frees, as any collection does.
    """
    return collect(session.fresh(), session.fresh, generation=generation, held=len(session.handles))

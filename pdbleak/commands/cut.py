"""`leak cut`: the fewest references to remove so that an object dies, and what that frees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.cut import Cut, plan_cut
from pdbleak.command import command, subject
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("SUBJECT", "a type, of which one object is picked, a handle (_1), or an expression"))
def cut(session: Session, *, subject: str) -> Cut:
    """Show the fewest references to remove so that an object dies, and what exactly that frees.

    Objects and bytes are counted by walking the heap without those references, not estimated: what dies at
    once by reference counts, and what waits for a collection. Weak dicts and sets are followed.
    """
    chosen = choose(session, subject)
    return plan_cut(session.heap(), chosen, form=session.form, bind=session.bind).cut

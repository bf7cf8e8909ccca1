"""`leak chain`: the shortest path from a root to an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.chain import Chain, find_chain
from pdbleak.analyses.deferred import configured
from pdbleak.command import command, subject
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("SUBJECT", "a type, of which one object is picked, a handle (_1), or an expression"))
def chain(session: Session, *, subject: str) -> Chain:
    """Show the shortest path that keeps an object alive, from a module or a running frame.

    What C holds is taken as the start only where there is no other; classes are passed last, and what else
    `leak defer` shows.
    """
    chosen = choose(session, subject)
    extra = (*session.deferred, *configured())
    return find_chain(session.heap(), chosen, extra=extra, form=session.form)

"""`leak show`: one object from all sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.portrait import Portrait, portray
from pdbleak.command import command, subject
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("SUBJECT", "a handle (_1), an expression (self.pool), or a type, of which one is picked"))
def show(session: Session, *, subject: str) -> Portrait:
    """Show one object: its type, size, what it retains, its referrers and its referents.

    What it retains would be freed with it: all that nothing else keeps alive.
    """
    chosen = choose(session, subject)
    return portray(session.heap(), chosen, form=session.form)

"""`leak size`: how big something is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.weight import Weight, weigh_object, weigh_types
from pdbleak.command import command, subject
from pdbleak.subject import choose, find_types

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("SUBJECT", "a type, of which all objects are weighed, a handle (_1), or an expression"))
def size(session: Session, *, subject: str) -> Weight:
    """Show how big an object is, or all objects of a type: shallow, and with all that only they keep alive.

    What a type's objects retain together is exact: all that no root would lead to without them. It is no sum,
    since what two of them hold is freed with both.
    """
    types = find_types(session.heap(), subject)
    if types:
        return weigh_types(session.heap(), types, subject=subject)
    chosen = choose(session, subject)
    if chosen.node is None:
        return weigh_types(session.heap(), (), subject=subject, near=chosen.near)
    form = session.form(chosen.item)
    return weigh_object(session.heap(), chosen.node, handle=chosen.handle, form=form)

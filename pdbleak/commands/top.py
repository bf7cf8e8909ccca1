"""`leak top`: what retains most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.top import Top, find_top, find_top_of
from pdbleak.command import command, number, subject
from pdbleak.subject import choose, find_types

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    subject("SUBJECT", "only what a type's objects, a handle (_1) or an expression retain", required=False),
    number("limit", "how many rows to show", default=10),
)
def top(session: Session, *, subject: str, limit: int) -> Top:
    """Show what retains most: the big branches of the dominator tree.

    An object retains what no root would lead to without it: with the object, all of that dies. Siblings of
    one type are one row, and modules are passed through. A row is followed down as long as one child keeps
    70 % of it; where that ends the bytes gather, and the object gets a handle: `leak top _1` goes on there.
    -o x.html is a page to zoom into, -o x.folded for flame graph tools; both leave out what is under 0.1 %.
    """
    heap = session.heap()
    if not subject:
        return find_top(heap, limit=limit, form=session.form, bind=session.bind)
    types = find_types(heap, subject)
    if types:
        return find_top_of(
            heap, heap.nodes_of(types), subject=subject, limit=limit, form=session.form, bind=session.bind
        )
    chosen = choose(session, subject)
    heap = session.heap()
    nodes = [] if chosen.node is None else [chosen.node]
    return find_top_of(
        heap,
        nodes,
        subject=subject if chosen.node is None else heap.type_name(chosen.node),
        handle=chosen.handle,
        near=chosen.near,
        limit=limit,
        form=session.form,
        bind=session.bind,
    )

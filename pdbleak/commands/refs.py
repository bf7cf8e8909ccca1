"""`leak refs`: the tree of what an object refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.tree import ReferenceTree, grow_tree
from pdbleak.command import command, number, subject
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    subject("SUBJECT", "a type, of which one object is picked, a handle (_1), or an expression"),
    number("depth", "how far to go", default=3, metavar="DEPTH", most=100),
)
def refs(session: Session, *, subject: str, depth: int) -> ReferenceTree:
    """Show what an object refers to, what that refers to, and so on, as a tree.

    Siblings of one type are merged; modules and classes end a branch. -o FILE.svg draws it.
    """
    chosen = choose(session, subject)
    return grow_tree(session.heap(), chosen, direction="refs", depth=depth, form=session.form)

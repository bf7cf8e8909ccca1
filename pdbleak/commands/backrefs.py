"""`leak backrefs`: the tree of what refers to an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.tree import ReferenceTree, grow_tree
from pdbleak.command import command, number, subject
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    subject("SUBJECT", "a type, of which one object is picked, a handle (_1), or an expression"),
    number("depth", "how far to go", default=5, metavar="DEPTH", most=100),
)
def backrefs(session: Session, *, subject: str, depth: int) -> ReferenceTree:
    """Show what refers to an object, what refers to that, and so on, as a tree and as a picture.

    Siblings of one type are merged; modules, running frames and C end a branch as roots. The picture is
    written to a file of its own, or to the one that -o names.
    """
    chosen = choose(session, subject)
    return grow_tree(session.heap(), chosen, direction="backrefs", depth=depth, form=session.form)

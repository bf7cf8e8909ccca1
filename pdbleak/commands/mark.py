"""`leak mark`: keeps what later looks are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.marked import Marked, describe_mark
from pdbleak.command import CommandError, command, subject
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from pdbleak.session import Session

NAME = compile_apart(r"[^\W\d][\w.-]{0,39}")


@command(subject("NAME", "what to call the mark; without one it gets a number", required=False), live=True)
def mark(session: Session, *, subject: str) -> Marked:
    """Take a mark: how many objects are on which path, of which type, and where the memory is.

    It keeps numbers and names only, no object, and stays after c. Captures leave one by themselves, at most
    every ten seconds. Of more than twelve those in the middle go. `leak diff` compares any two.
    """
    if subject and not NAME.fullmatch(subject):
        raise CommandError(f"{subject!r} is no name for a mark; type a word: leak mark before")
    taken = session.mark(subject, fresh=True)
    return describe_mark(taken, session.marks)

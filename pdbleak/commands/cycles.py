"""`leak cycles`: reference cycles by their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.cycles import Cycles, find_cycles
from pdbleak.command import command, subject
from pdbleak.subject import find_type_subject

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("TYPE", "only cycles with an object of this type", required=False))
def cycles(session: Session, *, subject: str) -> Cycles:
    """Group reference cycles by shape: how many, garbage or held, with `__del__` or not.

    Garbage cycles wait for a collection; held ones are reached from a root. Modules and classes, through
    which everything hangs together, do not count as parts of a held cycle.

    For each shape it tells which reference to make weak, and how many of the cycles are left then: every
    attribute whose references lie on the cycles was left out once, and the cycles counted again. One that
    leads back, from a child to its parent, is preferred. `keeps N objects beside them` is what would die
    with the cycles and is no part of them.
    """
    types = find_type_subject(session, subject) if subject else None
    return find_cycles(session.heap(), subject=subject, types=types, form=session.form)

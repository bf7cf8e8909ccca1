"""`leak zombies`: what has finished and is still held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.zombies import ZombieCensus, find_zombies
from pdbleak.command import command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(number("limit", "how many types to show", default=10))
def zombies(session: Session, *, limit: int) -> ZombieCensus:
    """Show what has finished and is still held: closed files and sockets, done tasks, dead threads.

    For each type how many, what a collector could free without them, and the reference that holds most.
    What only running or suspended code refers to is on its way out and counts as passing.
    """
    return find_zombies(session.heap_with_states(), limit=limit, form=session.form, bind=session.bind)

"""`leak history`: the growth that marks recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.history import History, find_history
from pdbleak.command import command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(number("limit", "how many places to show", default=10))
def history(session: Session, *, limit: int) -> History:
    """Show the growth from mark to mark: totals of the process, and the places whose content only ever rose.

    `--every SECONDS` on the command line takes the marks while the program runs; every prompt that looked at
    the heap, `leak mark` and `leak auto` leave some as well. Slopes are per minute of the program's running.
    """
    if session.saved is not None:
        session.mark()
    return find_history(tuple(session.marks), limit=limit)

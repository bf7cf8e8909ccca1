"""`leak types`: the most common types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.census import Census, take_census
from pdbleak.command import choice, command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    number("limit", "how many types to show", default=20),
    choice("by", "what to sort by", choices=("count", "size")),
)
def types(session: Session, *, limit: int, by: str) -> Census:
    """Show the most common types on the heap: objects and shallow bytes, all objects counted.

    Shallow bytes are the object's own, inline attribute values included, without what it refers to.
    """
    return take_census(session.heap(), by=by, limit=limit)

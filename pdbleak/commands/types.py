"""`leak types`: the most common types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.census import Census, take_census
from pdbleak.analyses.retained_census import RetainedCensus, take_retained_census
from pdbleak.command import choice, command, number

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    number("limit", "how many types to show", default=20),
    choice("by", "what to sort by", choices=("count", "size", "retained")),
)
def types(session: Session, *, limit: int, by: str) -> Census | RetainedCensus:
    """Show the most common types on the heap: objects and shallow bytes, all objects counted.

    Shallow bytes are the object's own, inline attribute values included, without what it refers to. Retained
    are the bytes that would be freed with them, each object's by itself: one inside of what another of its
    type retains is not counted twice, and what only several of them together keep is not counted.
    """
    if by == "retained":
        return take_retained_census(session.heap(), limit=limit)
    return take_census(session.heap(), by=by, limit=limit)

"""Which types retain most; knows no live object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.analyses.dominators import retained_by_type

if TYPE_CHECKING:
    from pdbleak.heap import Heap


@dataclass(frozen=True, slots=True)
class RetainedCount:
    """One type: its live objects, their shallow bytes, and the bytes that die with them, each by itself."""

    type: str
    count: int
    size: int
    retained: int


@dataclass(frozen=True, slots=True)
class RetainedCensus:
    """The types that retain most; `objects` and `size` are the whole heap's, `omitted` rows are not shown.

    An object inside of what another one of its type retains is not counted again; what only several
    together keep is not counted. What one type retains may be retained by another one, too.
    """

    rows: tuple[RetainedCount, ...]
    objects: int
    size: int
    omitted: int
    next: str


def take_retained_census(heap: Heap, *, limit: int = 20) -> RetainedCensus:
    """Weigh all types by what their objects retain, most first. O(V) after the dominators."""
    tally = heap.tally()
    retained = retained_by_type(heap)
    rows = sorted(
        (RetainedCount(name, count, size, retained[name][0]) for name, (count, size) in tally.items()),
        key=lambda row: (-row.retained, -row.count, row.type),
    )
    own = heap.program_types
    suspect = next((row.type for row in rows if row.type in own), rows[0].type if rows else "object")
    return RetainedCensus(
        rows=tuple(rows[:limit]),
        objects=sum(row.count for row in rows),
        size=sum(row.size for row in rows),
        omitted=max(0, len(rows) - limit),
        next=f"leak top {suspect}",
    )

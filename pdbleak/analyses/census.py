"""How many objects of which type there are; knows no live object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.heap import Heap


@dataclass(frozen=True, slots=True)
class TypeCount:
    """One type: its live objects and their shallow bytes."""

    type: str
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Census:
    """The most common types; `objects` and `size` are the whole population's, `omitted` rows are not shown.

    `subject` is the type or pattern that was asked for, empty for the whole heap.
    """

    subject: str
    by: str
    rows: tuple[TypeCount, ...]
    objects: int
    size: int
    omitted: int
    next: str


def type_counts(tally: dict[str, tuple[int, int]]) -> tuple[TypeCount, ...]:
    """Return a tally as rows, most objects first."""
    rows = (TypeCount(name, count, size) for name, (count, size) in tally.items())
    return tuple(sorted(rows, key=lambda row: (-row.count, -row.size, row.type)))


def take_census(heap: Heap, *, by: str = "count", limit: int = 20) -> Census:
    """Count all objects by type, most by `by` ('count' or 'size') first. O(V)."""
    rows = type_counts(heap.tally())
    if by == "size":
        rows = tuple(sorted(rows, key=lambda row: (-row.size, -row.count, row.type)))
    own = heap.program_types
    suspect = next((row.type for row in rows if row.type in own), rows[0].type if rows else "object")
    return Census(
        subject="",
        by=by,
        rows=rows[:limit],
        objects=sum(row.count for row in rows),
        size=sum(row.size for row in rows),
        omitted=max(0, len(rows) - limit),
        next=f"leak random {suspect}",
    )


def count_types(heap: Heap, subject: str, types: Iterable[str], *, near: str = "") -> Census:
    """Count the objects of some types, named by `subject`; without any, `near` is asked for next. O(V)."""
    wanted = set(types)
    rows = type_counts({name: counted for name, counted in heap.tally().items() if name in wanted})
    return Census(
        subject=subject,
        by="count",
        rows=rows,
        objects=sum(row.count for row in rows),
        size=sum(row.size for row in rows),
        omitted=0,
        next=f"leak random {rows[0].type}" if rows else f"leak count {near}" if near else "leak types 20",
    )

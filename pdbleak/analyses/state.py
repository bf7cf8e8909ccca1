"""What the state of one moment says of leaks: finished objects, known causes, garbage; no growth."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pdbleak.analyses.mark import TOP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.holders.known import Known
    from pdbleak.analyses.mark import Mark, MarkRows
    from pdbleak.analyses.zombies import ZombieCensus, Zombies

# A container with this part of the heap is worth a look. Its biggest child is followed while it keeps most.
SUSPECT_SHARE = 0.2
KEEPS = 0.7
LEAST_ELEMENTS = 100
# As many finished objects are no accident.
LEAST_FINISHED = 100
# Garbage up to a quarter of the heap may wait for the oldest generation (CPython's gc, long_lived_pending).
MOST_WAITING = 0.25
LEAST_GARBAGE = 1 << 21


@dataclass(frozen=True, slots=True)
class State:
    """The evidence of one moment beside the marks. `collecting`: automatic collections are on.

    `opaque` are types that may have memory in C that nobody sees, `own` those of the program.
    """

    zombies: ZombieCensus | None = None
    known: tuple[Known, ...] = ()
    collecting: bool = True
    notes: tuple[str, ...] = field(default=())
    opaque: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    @property
    def finished(self) -> tuple[Zombies, ...]:
        """The types of which many objects have finished and are held."""
        rows = self.zombies.rows if self.zombies is not None else ()
        return tuple(row for row in rows if row.count >= LEAST_FINISHED)


@dataclass(frozen=True, slots=True)
class Large:
    """A container that holds a large part of the heap: its row in the mark, its elements, and all below."""

    row: int
    elements: int
    type: str
    size: int
    share: float


def is_waiting_garbage(mark: Mark, *, collecting: bool) -> bool:
    """Tell whether more garbage waits than collections leave in a healthy program."""
    if mark.garbage_size < (LEAST_GARBAGE if collecting else LEAST_GARBAGE >> 4):
        return False
    return not collecting or mark.garbage_size > MOST_WAITING * mark.size


def is_collected(marks: Sequence[Mark]) -> bool:
    """Tell whether garbage fell by half between two marks: without automatic collections, by the program."""
    sizes = [mark.garbage_size for mark in marks]
    return any(after < before / 2 for before, after in pairwise(sizes))


def find_large(mark: Mark) -> Large | None:
    """Return the container below which a large part of the heap hangs; None where there is no such. O(rows).

    From the row with most below it downwards, while one child keeps most of what its parent has.
    """
    rows = mark.rows
    below = sizes_below(rows)
    children = rows.children()
    whole = max(1, mark.size)
    best: Large | None = None
    for row in children.get(TOP, ()):
        found = _follow(rows, below, children, row, whole)
        if found is not None and (best is None or found.size > best.size):
            best = found
    return best


def _follow(
    rows: MarkRows, below: Sequence[int], children: dict[int, list[int]], row: int, whole: int
) -> Large | None:
    while True:
        under = children.get(row, ())
        if not under or below[row] < SUSPECT_SHARE * whole:
            return None
        child = max(under, key=below.__getitem__)
        many = rows.count[child] >= LEAST_ELEMENTS and rows.count[child] >= LEAST_ELEMENTS * rows.count[row]
        if many and below[child] >= SUSPECT_SHARE * whole:
            return Large(row, rows.count[child], rows.type[child], below[row], below[row] / whole)
        if below[child] < KEEPS * below[row] and rows.above[row] != TOP:
            return None
        row = child


def sizes_below(rows: MarkRows) -> list[int]:
    """Return for each row the bytes of its members and of all below. O(rows)."""
    below = list(rows.size)
    for row in range(len(rows) - 1, -1, -1):
        if rows.above[row] != TOP:
            below[rows.above[row]] += below[row]
    return below

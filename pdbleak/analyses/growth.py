"""Which types grew since the last call; knows no live object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

Tally = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Grown:
    """One type: what there is now, and how much more than at the last call."""

    type: str
    count: int
    count_delta: int
    size: int
    size_delta: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Types that grew, most new objects first; `seconds` since the last call, None at the first call."""

    rows: tuple[Grown, ...]
    seconds: float | None
    omitted: int
    next: str


def compare(
    before: Tally, now: Tally, *, seconds: float | None, limit: int = 20, telling: Container[str] = ()
) -> Growth:
    """Compare two tallies: the types with more objects, or more bytes in as many, than before. O(types).

    `telling` are types that say more than a str or a dict: the first of them that grew is asked for next.
    """
    if seconds is None:
        return Growth(rows=(), seconds=None, omitted=0, next="c, then later: leak growth")
    grown = []
    for name, (count, size) in now.items():
        old_count, old_size = before.get(name, (0, 0))
        if count > old_count or (count == old_count and size > old_size):
            grown.append(Grown(name, count, count - old_count, size, size - old_size))
    grown.sort(key=lambda row: (-row.count_delta, -row.size_delta, row.type))
    return Growth(
        rows=tuple(grown[:limit]),
        seconds=seconds,
        omitted=max(0, len(grown) - limit),
        next=_next(grown, telling),
    )


def _next(grown: list[Grown], telling: Container[str]) -> str:
    first = next((row.type for row in grown if row.type in telling), "")
    if first:
        return f"leak chain {first}"
    return f"leak random {grown[0].type}" if grown else "c, then later: leak growth"

"""The answer to taking a mark: what it has seen, and which marks there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.analyses.mark import Mark


@dataclass(frozen=True, slots=True)
class KeptMark:
    """A mark that is kept: its name, how many seconds ago it was taken, and what was there then."""

    name: str
    ago: float
    objects: int
    size: int
    garbage: int
    rss: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark was taken: `paths` were kept, in `cost` seconds after a `pause` for the capture.

    `marks` are all that are kept, oldest first.
    """

    name: str
    objects: int
    size: int
    paths: int
    pause: float
    cost: float
    marks: tuple[KeptMark, ...]
    next: str


def describe_mark(mark: Mark, kept: Iterable[Mark]) -> Marked:
    """Say what a mark has seen, and which others are there. O(marks)."""
    rows = tuple(
        KeptMark(
            name=each.name,
            ago=mark.taken - each.taken,
            objects=each.objects,
            size=each.size,
            garbage=each.garbage_count,
            rss=each.ledger.rss,
        )
        for each in kept
    )
    return Marked(
        name=mark.name,
        objects=mark.objects,
        size=mark.size,
        paths=len(mark.rows),
        pause=mark.pause,
        cost=mark.cost,
        marks=rows,
        next="leak diff" if len(rows) > 1 else "c, then later: leak diff",
    )

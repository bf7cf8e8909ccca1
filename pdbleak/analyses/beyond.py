"""What grows beyond the objects that a capture meets: malloc's blocks, unmet objects, holes; no heap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.analyses.series import program_times
from pdbleak.analyses.trend import GROWS, ONCE, Trend, find_trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.ledger import Ledger
    from pdbleak.analyses.mark import Mark

# Below two mebibytes and a fiftieth of the RSS, a rise is noise; marks of ours weigh about that much each.
LEAST = 2 << 20
LEAST_SHARE = 50
OWN_PER_MARK = 1 << 20
NAMES = {
    "C heap": "malloc's blocks that are no Python object: C code allocates and does not free",
    "unmet objects": "Python's allocator has blocks in use that no reference leads to: C code keeps them",
    "holes": "memory that was freed and cannot be given back: the allocators' holes",
}
NEXT = {"C heap": "leak orphans", "unmet objects": "leak orphans", "holes": "leak memory --trim"}


@dataclass(frozen=True, slots=True)
class Beyond:
    """One place beyond the objects: its bytes now, and how they went."""

    name: str
    size: int
    trend: Trend

    @property
    def grows(self) -> bool:
        """Whether it rises, as far as the marks tell."""
        return self.trend.verdict in (GROWS, ONCE)


def find_beyond(marks: Sequence[Mark]) -> tuple[Beyond, ...]:
    """Return the places, with their trend less what our own marks may have added; none where unknown."""
    if not marks:
        return ()
    times = program_times(marks)
    series = {
        "C heap": [mark.ledger.c_heap for mark in marks],
        "unmet objects": [_unmet(mark.ledger, mark) for mark in marks],
        "holes": [_holes(mark.ledger) for mark in marks],
    }
    found = []
    for name, values in series.items():
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            less = [value - OWN_PER_MARK * place for place, value in enumerate(known)]
            found.append(Beyond(name, known[-1], find_trend(times, less)))
    return tuple(found)


def is_worth_it(place: Beyond, marks: Sequence[Mark]) -> bool:
    """Tell a rise from noise; what an answer of ours gave back leaves holes once, and no leak is one."""
    if place.name == "holes" and place.trend.verdict == ONCE:
        return False
    return place.grows and place.trend.rise >= max(LEAST, marks[-1].ledger.rss // LEAST_SHARE)


def _unmet(ledger: Ledger, mark: Mark) -> int | None:
    if ledger.small is None or ledger.large is None:
        return None
    return ledger.small - (mark.size - ledger.large)


def _holes(ledger: Ledger) -> int | None:
    if ledger.holes is None or ledger.kept is None:
        return None
    return ledger.holes + ledger.kept

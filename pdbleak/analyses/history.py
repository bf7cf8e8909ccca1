"""The growth that marks recorded, as series: the whole, and the places that only grow; knows no heap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.analyses.beyond import OWN_PER_MARK
from pdbleak.analyses.growing import find_growing
from pdbleak.analyses.series import choose_marks, line_up, program_times
from pdbleak.analyses.siblings import path_text
from pdbleak.analyses.trend import CONSTANT, find_trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.mark import Mark

LATER = "c, then later: leak history"


@dataclass(frozen=True, slots=True)
class Course:
    """One number over time: `values` by mark, in `unit` ('bytes' or a type's name), and how it went.

    `per_minute` is its slope over what was looked at; `verdict` says whether it only grows.
    """

    name: str
    unit: str
    values: tuple[int, ...]
    per_minute: float
    verdict: str


@dataclass(frozen=True, slots=True)
class History:
    """The series of the marks: `totals` of the process, and `places` whose content only ever rose.

    `times` are the program's seconds since the first mark, without those that it stood still; there are
    `omitted` more places.
    """

    times: tuple[float, ...]
    totals: tuple[Course, ...]
    places: tuple[Course, ...]
    omitted: int
    next: str


def find_history(marks: Sequence[Mark], *, limit: int = 10) -> History:
    """Return how the process and its growing places went from mark to mark. O(rows of nine marks)."""
    times = program_times(marks)
    chosen, chosen_times = choose_marks(marks) if marks else ([], [])
    series = line_up(chosen, chosen_times)
    growing = find_growing(series)
    places = [
        Course(
            name=path_text(series, each),
            unit=series.lines[each.elements[0]].type if each.elements else "bytes",
            values=tuple(each.counts if each.elements else each.sizes),
            per_minute=each.trend.per_minute,
            verdict=each.trend.verdict,
        )
        for each in growing
        if series.lines[(each.elements or [each.line])[0]].row >= 0
    ]
    return History(
        times=tuple(round(each - times[0], 2) for each in times),
        totals=tuple(_totals(marks, times)) if len(marks) > 1 else (),
        places=tuple(places[:limit]),
        omitted=max(0, len(places) - limit),
        next="leak" if len(marks) > 1 else LATER,
    )


def _totals(marks: Sequence[Mark], times: Sequence[float]) -> list[Course]:
    columns = {
        ("resident memory", "bytes"): [mark.ledger.rss - mark.ledger.own for mark in marks],
        ("Python objects, bytes", "bytes"): [mark.size for mark in marks],
        ("Python objects", "objects"): [mark.objects for mark in marks],
        ("garbage", "objects"): [mark.garbage_count for mark in marks],
        ("C heap", "bytes"): [mark.ledger.c_heap for mark in marks if mark.ledger.c_heap is not None],
    }
    found = []
    for (name, unit), values in columns.items():
        if len(values) == len(times):
            trend = find_trend(times, values)
            # A hundredth is noise, and so is what our own marks may have added.
            noise = max(values[-1] / 100, OWN_PER_MARK * len(values) if unit == "bytes" else 0)
            verdict = "" if trend.verdict == CONSTANT or abs(trend.rise) < noise else trend.verdict
            found.append(Course(name, unit, tuple(values), trend.per_minute, verdict))
    return found

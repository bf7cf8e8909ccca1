"""How two heaps differ of which it is not known what came when, such as two workers'; knows no heap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.analyses.diff import changed, grown_beyond, grown_garbage
from pdbleak.analyses.difference import Difference
from pdbleak.analyses.growing import find_growing
from pdbleak.analyses.series import line_up
from pdbleak.analyses.siblings import path_text
from pdbleak.analyses.verdicts import LEAST_BYTES, LEAST_OBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.difference import Change
    from pdbleak.analyses.mark import Mark
    from pdbleak.analyses.series import Line

MORE, FEWER = "more", "fewer"
ONLY_FIRST, ONLY_SECOND = "only in the first", "only in the second"
# No time lies between them that would say something.
TIMES = (0.0, 0.0)


def compare_heaps(first: Mark, second: Mark, *, limit: int = 10) -> Difference:
    """Compare two marks that have no order in time: what one has more of than the other. O(rows).

    Both ways round it is asked what would have grown: a place is told with all that hangs on it. There are no
    rates, and who the members are says nothing. What only one of them has imported is not told.
    """
    rows = [
        *_more(first, second, MORE, ONLY_SECOND),
        *(_turned(row) for row in _more(second, first, FEWER, ONLY_FIRST)),
    ]
    rows.sort(key=lambda row: (-abs(row.size_change), row.path))
    lines = line_up([first, second], TIMES).lines
    differing = sum(1 for line in lines if _differs(line))
    return Difference(
        before=first.name,
        after=second.name,
        seconds=None,
        marks=2,
        rss=(second.ledger.rss - second.ledger.own) - (first.ledger.rss - first.ledger.own),
        objects=second.objects - first.objects,
        size=second.size - first.size,
        rows=tuple(rows[:limit]),
        steady=sum(1 for line in lines if any(line.count)) - differing,
        noise=sum(1 for line in lines if _differs(line) and not _is_much(line)),
        omitted=max(0, len(rows) - limit),
        next=f"leak paths {rows[0].type}" if rows and rows[0].type else "leak top",
    )


def _more(first: Mark, second: Mark, more: str, only: str) -> list[Change]:
    """Return what the second has more of."""
    series = line_up([first, second], TIMES)
    rows = []
    for place in find_growing(series):
        shown = place.elements[0] if place.elements else place.line
        line = series.lines[shown]
        verdict = more if any(line.count[:-1]) else only
        rows.append(changed(verdict, path_text(series, place), line.type, TIMES, place.counts, place.sizes))
    beyond = [*grown_garbage([first, second], TIMES), *grown_beyond([first, second])]
    return [*rows, *(replace(each, size_rate=0.0) for each in beyond)]


def _turned(row: Change) -> Change:
    """Return a change as it is seen from the other side."""
    return replace(
        row,
        count=row.counts[0] if row.counts else row.count,
        size=row.sizes[0],
        count_change=-row.count_change,
        size_change=-row.size_change,
        counts=row.counts[::-1],
        sizes=row.sizes[::-1],
    )


def _differs(line: Line) -> bool:
    return _apart(line.count) != 0 or _apart(line.size) != 0


def _is_much(line: Line) -> bool:
    return _apart(line.count) >= LEAST_OBJECTS or _apart(line.size) >= LEAST_BYTES


def _apart(values: Sequence[int]) -> int:
    return abs(values[-1] - values[0])

"""What changed between marks, by path, with a verdict for each; knows no heap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.analyses.beyond import find_beyond, is_worth_it
from pdbleak.analyses.difference import Change, Difference
from pdbleak.analyses.growing import find_growing
from pdbleak.analyses.mark import TOP, named_path, with_star
from pdbleak.analyses.pathnames import PathStep
from pdbleak.analyses.series import choose_marks, line_up, program_times
from pdbleak.analyses.siblings import path_text
from pdbleak.analyses.verdicts import (
    C_HEAP,
    GARBAGE,
    HOLES,
    LEAST_OBJECTS,
    NEW,
    NOISE,
    ORDER,
    STEADY,
    UNMET,
    judge,
    of_trend,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pdbleak.analyses.growing import Growing
    from pdbleak.analyses.mark import Mark
    from pdbleak.analyses.series import Series

    Origins = Callable[[Sequence[int]], dict[int, str]]

BEYOND = {"C heap": C_HEAP, "unmet objects": UNMET, "holes": HOLES}
LATER = "c, then later: leak diff"
# In less time than this the program did not run, but stood at a prompt.
LEAST_SECONDS = 0.2
COUNTED_ONLY = (NOISE, STEADY)


def compare_marks(marks: Sequence[Mark], *, limit: int = 10, origins: Origins | None = None) -> Difference:
    """Compare the first with the last of some marks; those between tell how it went. O(rows of nine marks).

    Growth is told of the place that holds what grows, with all that hangs on it; so is what else became more
    or less. What only a few objects changed is counted, not shown. `origins` tells of rows of the last mark
    where what stands in them was allocated.
    """
    first, last = marks[0], marks[-1]
    if len(marks) == 1:
        return Difference(first.name, first.name, None, 1, 0, 0, 0, (), len(first.rows), 0, 0, LATER)
    chosen, times = choose_marks(marks)
    if chosen[0] is not first:
        chosen = [first, *chosen]
        times = [min(program_times(marks)[0], times[0] - LEAST_SECONDS), *times]
    series = line_up(chosen, times)
    growing = find_growing(series)
    rows = [_grown(series, place) for place in growing]
    others, counted = _others(series, growing)
    rows += [*others, *grown_garbage(chosen, times), *grown_beyond(chosen)]
    row_of = {grown.path: _row(series, place) for grown, place in zip(rows, growing, strict=False)}
    rows.sort(key=lambda row: (ORDER.index(row.verdict), -abs(row.size_change), row.path))
    return Difference(
        before=first.name,
        after=last.name,
        seconds=last.taken - first.taken,
        marks=len(marks),
        rss=(last.ledger.rss - last.ledger.own) - (first.ledger.rss - first.ledger.own),
        objects=last.objects - first.objects,
        size=last.size - first.size,
        rows=tuple(rows[:limit] if origins is None else _with_origins(rows[:limit], row_of, origins)),
        steady=counted[STEADY],
        noise=counted[NOISE],
        omitted=max(0, len(rows) - limit),
        next=_next(rows),
    )


def _row(series: Series, place: Growing) -> int:
    return series.lines[(place.elements or [place.line])[0]].row


def _with_origins(rows: Sequence[Change], row_of: dict[str, int], origins: Origins) -> list[Change]:
    wanted = [row_of.get(each.path, -1) for each in rows]
    known = origins([row for row in wanted if row >= 0])
    return [replace(each, origin=known.get(row, "")) for each, row in zip(rows, wanted, strict=True)]


def _grown(series: Series, place: Growing) -> Change:
    """Return the row of a place that grows."""
    shown = place.elements[0] if place.elements else place.line
    line = series.lines[shown]
    verdict = of_trend(place.trend, place.counts if any(place.counts) else place.sizes)
    if not any(line.count[:-1]):
        verdict = NEW
    path = path_text(series, place)
    return changed(verdict, path, line.type, series.times, place.counts, place.sizes)


def _others(series: Series, growing: Sequence[Growing]) -> tuple[list[Change], dict[str, int]]:
    """Return the rows of what changed and does not grow, and how many lines there are of each other verdict.

    What hangs on something that changed in the same way is its.
    """
    skipped = bytearray(len(series.lines))
    for place in growing:
        for number in (place.line, *place.alike, *place.elements, *place.in_step):
            skipped[number] = 1
    # What hangs on one of these does not hang on what grows.
    holders = {each for place in growing for each in {place.line, *place.alike}.difference(place.elements)}
    verdicts: list[str] = []
    rows = []
    counted = dict.fromkeys(COUNTED_ONLY, 0)
    for number, line in enumerate(series.lines):
        above = "" if line.above == TOP else verdicts[line.above]
        grown = skipped[number] or (line.above != TOP and skipped[line.above] and line.above not in holders)
        if grown:
            skipped[number] = 1
            verdicts.append("")
            continue
        verdict = judge(series.times, line.count, line.size, line.fingerprint)
        verdicts.append(verdict)
        if verdict in counted:
            counted[verdict] += bool(any(line.count))
        elif verdict != above:
            rows.append(
                changed(
                    verdict,
                    _path(series, number),
                    line.type,
                    series.times,
                    line.count,
                    line.below_size,
                )
            )
    return rows, counted


def grown_garbage(marks: Sequence[Mark], times: Sequence[float]) -> Iterator[Change]:
    """Yield a row for garbage that became more, by its most frequent type."""
    counts = [mark.garbage_count for mark in marks]
    if counts[-1] - counts[0] < LEAST_OBJECTS:
        return
    before, now = marks[0].garbage, marks[-1].garbage
    telling = max(now, key=lambda name: now[name][0] - before.get(name, (0, 0))[0])
    yield changed(GARBAGE, "", telling, times, counts, [mark.garbage_size for mark in marks])


def grown_beyond(marks: Sequence[Mark]) -> Iterator[Change]:
    """Yield a row for each place beyond the objects that grew."""
    for place in find_beyond(marks):
        if is_worth_it(place, marks):
            rise = int(place.trend.rise)
            yield Change(
                verdict=BEYOND[place.name],
                path="",
                type="",
                count=0,
                count_change=0,
                size=place.size,
                size_change=rise,
                count_rate=0.0,
                size_rate=place.trend.per_minute,
                counts=(),
                sizes=(place.size - rise, place.size),
            )


def changed(
    verdict: str,
    path: str,
    type_name: str,
    times: Sequence[float],
    counts: Sequence[int],
    sizes: Sequence[int],
) -> Change:
    """Return the row of a path with its numbers by mark; there are no rates without time."""
    seconds = times[-1] - times[0]
    minutes = seconds / 60 if seconds > LEAST_SECONDS else 0.0
    count_change, size_change = counts[-1] - counts[0], sizes[-1] - sizes[0]
    return Change(
        verdict=verdict,
        path=path,
        type=type_name,
        count=counts[-1],
        count_change=count_change,
        size=sizes[-1],
        size_change=size_change,
        count_rate=count_change / minutes if minutes > 0 else 0.0,
        size_rate=size_change / minutes if minutes > 0 else 0.0,
        counts=tuple(counts),
        sizes=tuple(sizes),
    )


def _path(series: Series, number: int) -> str:
    """Return a line's path in words. O(depth)."""
    steps = []
    while number != TOP:
        line = series.lines[number]
        steps.append(PathStep(with_star(line.reference, line.traits), line.type, line.count[-1]))
        number = line.above
    return named_path(steps[::-1]).text


def _next(rows: Sequence[Change]) -> str:
    first = next((row for row in rows if row.type), None)
    if first is None:
        return "leak memory" if rows else LATER
    return "leak cycles" if first.verdict == GARBAGE else f"leak paths {first.type}"

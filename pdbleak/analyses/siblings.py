"""Places that differ only by keys of one dict are one place; knows marks and no heap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.mark import TOP, named_path, with_star
from pdbleak.analyses.pathnames import TO_NAMESPACE, PathStep, generalise
from pdbleak.analyses.trend import GROWS, find_trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.growing import Growing
    from pdbleak.analyses.series import Line, Series

LOCAL = "local '"


def join_siblings(series: Series, places: Sequence[Growing]) -> list[Growing]:
    """Join places that hold the same types below different keys of the same dicts. O(places x depth).

    Only what grows steadily is joined: the numbers are sums then, and would hide how another place went.
    """
    kept: list[Growing] = []
    first: dict[tuple[object, ...], Growing] = {}
    for place in places:
        steps = _way(series, place.line, general=True)
        if place.trend.verdict != GROWS or steps == _way(series, place.line, general=False):
            kept.append(place)
            continue
        types = tuple(series.lines[each].type for each in place.elements)
        shape = types[:1], frozenset(types), *((step.reference, step.type) for step in steps)
        known = first.setdefault(shape, place)
        if known is place:
            kept.append(place)
        else:
            _join(series, known, place)
    return kept


def _join(series: Series, known: Growing, place: Growing) -> None:
    known.alike.append(place.line)
    known.elements.extend(place.elements)
    known.counts = [a + b for a, b in zip(known.counts, place.counts, strict=True)]
    known.sizes = [a + b for a, b in zip(known.sizes, place.sizes, strict=True)]
    counted = known.elements or series.lines[known.line].is_container
    together = find_trend(series.times, known.counts if counted else known.sizes)
    known.trend = together if together.verdict == GROWS else known.trend


def keys_of(series: Series, place: Growing) -> tuple[str, ...]:
    """Return the keys by which the lines of a place differ, the first one's first; none where it is one."""
    if not place.alike:
        return ()
    ways = [_way(series, line, general=False) for line in (place.line, *place.alike)]
    general = _way(series, place.line, general=True)
    return tuple(
        "".join(step.reference for step, any_ in zip(way, general, strict=True) if step != any_)
        for way in ways
    )


def path_text(series: Series, place: Growing) -> str:
    """Return the path to what grows in a place, in words; of several keys none is named. O(depth)."""
    shown = place.elements[0] if place.elements else place.line
    return named_path(_way(series, shown, general=bool(place.alike))).text


def _way(series: Series, number: int, *, general: bool) -> list[PathStep]:
    """Return the steps from a root down to a line, with `{str}` for each key that is a word if wanted."""
    steps = []
    while number != TOP:
        line = series.lines[number]
        reference = line.reference
        if general and line.above != TOP and not _is_namespace(series.lines[line.above]):
            reference = generalise(reference, series.lines[line.above].type)
        steps.append(PathStep(with_star(reference, line.traits), line.type, line.count[-1]))
        number = line.above
    return steps[::-1]


def _is_namespace(line: Line) -> bool:
    return line.reference == TO_NAMESPACE or (line.above == TOP and not line.reference.startswith(LOCAL))

"""Which of the places that grow may hold the C memory that grows with them; knows no heap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.analyses.mark import TOP
from pdbleak.analyses.trend import GROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.beyond import Beyond
    from pdbleak.analyses.growing import Growing
    from pdbleak.analyses.series import Series
    from pdbleak.analyses.triage import Ranked

# What is in these modules has all its memory in sight.
IN_SIGHT = frozenset({
    *("builtins", "collections", "functools", "itertools", "types", "weakref", "operator", "datetime"),
    *("_thread", "_asyncio", "_contextvars", "contextvars", "array", "re", "threading", "decimal", "uuid"),
})  # fmt: skip


def with_c_memory(
    series: Series,
    places: Sequence[Growing],
    ranked: Sequence[Ranked],
    c_heap: Beyond,
    opaque: frozenset[str],
) -> list[Ranked] | None:
    """Return the findings, with C memory that grows told by the first one that may hold it; else None.

    `opaque` are types that C code made and that may have memory of their own. O(lines).
    """
    for number, (place, each) in enumerate(zip(places, ranked, strict=True)):
        risen = place.counts[-1] - place.counts[0]
        if not each.accuses or risen <= 0 or place.trend.verdict != GROWS:
            continue
        telling = _types_below(series, place) & opaque
        if telling:
            finding = each.finding
            text = f"; the C heap grows with it, by {round(c_heap.trend.rise / risen):,} bytes each"
            told = replace(
                finding,
                basis=f"{finding.basis}{text} ({', '.join(sorted(telling)[:2])})",
                size_rate=(finding.size_rate or 0.0) + c_heap.trend.per_minute,
            )
            return [*ranked[:number], replace(each, finding=told), *ranked[number + 1 :]]
    return None


def _types_below(series: Series, place: Growing) -> set[str]:
    """Return the types of what is in a place. O(lines)."""
    inside: set[int] = set(place.elements)
    for number, line in enumerate(series.lines):
        if line.above != TOP and line.above in inside:
            inside.add(number)
    return {series.lines[number].type for number in inside if series.lines[number].count[-1]}

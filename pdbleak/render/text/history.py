"""Recorded growth as text: sparklines and slopes; knows no other form."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, duration, more, more_bytes, plural, size
from pdbleak.render.clean import clean
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, number, table
from pdbleak.render.text.phrases import left_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdbleak.analyses.history import Course, History

BARS = "▁▂▃▄▅▆▇█"
INDENT = "   "


def history(value: History, page: Page) -> Iterator[str]:
    """Yield a line for each total, and two for each place that only grew."""
    marks = len(value.times)
    if not value.totals:
        yield page.line((f"{plural(marks, 'mark')}: no history yet", Style.WARNING))
        return
    yield page.line(
        (plural(marks, "mark"), Style.TYPE), f" over {duration(value.times[-1])} of the program's time"
    )
    heads = [Column("", flexible=True), Column("", style=Style.REFERENCE), number("now", Style.NUMBER)]
    heads += [number("per minute"), Column("", style=Style.QUIET)]
    yield from table(page, heads, [_cells(course.name, course) for course in value.totals])
    if not value.places:
        yield page.line(("no place's content only ever rose", Style.ROOT))
    else:
        yield ""
        yield page.line(("what only ever rose:", Style.WARNING))
    for course in value.places:
        kind = "" if course.unit == "bytes" else f" {course.unit}"
        yield page.line(
            (spark(course.values), Style.REFERENCE),
            (f"  {_amount(course.values[-1], course.unit)}{kind}", Style.NUMBER),
            f"  {_slope(course)} per minute",
        )
        for line in textwrap.wrap(
            clean(course.name), page.width, initial_indent=INDENT, subsequent_indent=INDENT * 2
        ):
            yield page.line((line, Style.PLAIN))
    if value.omitted:
        yield left_out(page, value.omitted, "place", f"leak history {len(value.places) + value.omitted}")


def spark(values: Sequence[int]) -> str:
    """Return a bar for every value, from the lowest to the highest."""
    low, high = min(values), max(values)
    if high == low:
        return BARS[0] * len(values)
    return "".join(BARS[(value - low) * (len(BARS) - 1) // (high - low)] for value in values)


def _cells(name: str, course: Course) -> tuple[str, ...]:
    now = _amount(course.values[-1], course.unit)
    return (name, spark(course.values), now, _slope(course), course.verdict)


def _amount(value: int, unit: str) -> str:
    return size(value) if unit == "bytes" else count(value)


def _slope(course: Course) -> str:
    rate = round(course.per_minute)
    return more_bytes(rate) if course.unit == "bytes" else more(rate)

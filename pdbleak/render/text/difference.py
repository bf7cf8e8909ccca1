"""What changed between two marks as text; knows no other form."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pdbleak.analyses.verdicts import GREW, NEW, ONLY_GROWS
from pdbleak.render.amounts import count, duration, more, more_bytes, plural, size
from pdbleak.render.clean import clean
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import left_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pdbleak.analyses.difference import Change, Difference

INDENT = "   "
MOST_SHOWN = 6
TWO = 2
STYLES = {ONLY_GROWS: Style.WARNING, NEW: Style.WARNING, GREW: Style.WARNING}
# What has no type and no path is named here.
PLACES = {
    "C heap": "malloc's blocks that are no Python object",
    "unmet objects": "blocks of Python's allocator that no reference leads to",
    "allocator holes": "memory that was freed, and is kept by the allocators",
    "cycle garbage": "nothing leads to it",
}


def difference(value: Difference, page: Page) -> Iterator[str]:
    """Yield the totals, a block for every path that changed, and how many did not."""
    if value.marks == 1:
        yield page.line((f"mark {value.after} is the first one", Style.TYPE), ": nothing to compare it with")
        return
    between = (f"{value.before} → {value.after}", Style.TYPE)
    changes = f"RSS {more_bytes(value.rss)}, {more(value.objects)} objects, {more_bytes(value.size)}"
    if value.seconds is None:
        yield page.line(between)
        yield page.line("two processes: compared, not over time")
        yield page.line(changes)
    else:
        marks = plural(value.marks, "mark")
        yield page.line(between, f" in {duration(value.seconds)}, {marks}: {changes}")
    if not value.rows:
        yield page.line(("no path changed much", Style.ROOT))
    for row in value.rows:
        yield from _change(page, row)
    if value.omitted:
        yield left_out(page, value.omitted, "change", f"leak diff {value.before} {value.after} --all")
    yield page.line(
        (f"{plural(value.steady, 'path')} steady, {count(value.noise)} changed within noise", Style.QUIET)
    )


def _change(page: Page, row: Change) -> Iterator[str]:
    amounts = [
        (f"{more(row.count_change)} objects", more(round(row.count_rate))) if row.count_change else None,
        (more_bytes(row.size_change), more_bytes(round(row.size_rate))) if row.size_change else None,
    ]
    known = [pair for pair in amounts if pair]
    changes = ", ".join(change for change, _ in known) or f"{count(row.count)} objects, not the same ones"
    has_rates = known and (row.count_rate or row.size_rate)
    rates = f"  ({', '.join(rate for _, rate in known)} a minute)" if has_rates else ""
    yield page.line((row.verdict, STYLES.get(row.verdict, Style.TYPE)), "  ", (changes, Style.NUMBER), rates)
    where = row.path or ", ".join(filter(None, (PLACES.get(row.verdict, ""), row.type)))
    for line in textwrap.wrap(
        clean(where),
        page.width,
        initial_indent=INDENT,
        subsequent_indent=INDENT * 2,
        break_on_hyphens=False,
    ):
        yield page.line((line, Style.REFERENCE))
    if row.origin:
        yield page.line(INDENT, f"allocated at {row.origin}")
    if len(row.counts) > TWO:
        course = _course(row.counts, count) if row.count_change else _course(row.sizes, size)
        yield page.line(INDENT, (course, Style.QUIET))


def _course(values: Sequence[int], text: Callable[[int], str]) -> str:
    """Return some of the numbers in their order: the first, the last, and what lies between."""
    if len(values) > MOST_SHOWN:
        places = [round(place * (len(values) - 1) / (MOST_SHOWN - 1)) for place in range(MOST_SHOWN)]
        values = [values[place] for place in places]
    return " → ".join(text(each) for each in values)

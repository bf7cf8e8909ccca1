"""What waits and where, as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, share, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, number, table
from pdbleak.render.text.phrases import left_out, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.tasks import WaitCensus, Waiters

INDENT = "       "


def tasks(value: WaitCensus, page: Page) -> Iterator[str]:
    """Yield two or three lines for every place: how many wait there, what they retain, and for what."""
    numbers = (
        (value.threads, "thread"),
        (value.tasks, "task"),
        (value.coroutines, "coroutine"),
        (value.generators, "generator"),
    )
    told = [plural(each, word) for each, word in numbers if each]
    yield page.line((", ".join(told) or "nothing waits", Style.TYPE), " in all" if told else "")
    if not value.rows:
        return
    heads = [
        number("count", Style.NUMBER),
        number("retained"),
        Column("what", style=Style.TYPE),
        Column("waits in", style=Style.REFERENCE, flexible=True),
    ]
    cells = ((count(row.count), size(row.retained), row.kind, row.place) for row in value.rows)
    title, *lines = table(page, heads, cells)
    yield title
    for row, line in zip(value.rows, lines, strict=True):
        yield line
        yield from _details(row, value, page)
    if value.omitted:
        yield left_out(page, value.omitted, "place", f"leak tasks {len(value.rows) + value.omitted}")


def _details(row: Waiters, value: WaitCensus, page: Page) -> Iterator[str]:
    outer = f"{row.function} → " if not row.place.startswith(row.function) else ""
    below = row.inside or row.place.partition(" at ")[0]
    way = f"{outer}{below}" if outer or row.inside else ""
    waits = f"for {row.awaits}" if row.awaits else "" if " at " in row.place else "never started"
    told = ", ".join(filter(None, (way, waits)))
    if told:
        yield page.line(INDENT, told)
    named = (f"{row.handle}  ", Style.NUMBER) if row.handle else ""
    if row.handle or row.label:
        yield page.line(INDENT, named, (row.label or row.form, Style.QUIET))
    if row.suspect:
        part = share(row.retained, value.size)
        yield note(page, f"they keep {part} of all bytes on the heap", indent=INDENT)

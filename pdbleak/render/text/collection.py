"""A collection as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, duration, more_bytes, plural, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import number, table, type_name
from pdbleak.render.text.phrases import left_out, note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdbleak.analyses.census import TypeCount
    from pdbleak.analyses.collection import Collection

MOST_TYPES = 20


def collection(value: Collection, page: Page) -> Iterator[str]:
    """Yield what was freed, the process's memory before and after, then types."""
    if value.freed_objects:
        yield page.line(
            (f"freed {plural(value.freed_objects, 'object')}, {size(value.freed_size)}", Style.TYPE),
            f", of {plural(value.garbage, 'garbage object')}, {size(value.garbage_size)}",
        )
    elif value.garbage:
        yield page.line(
            ("freed nothing", Style.TYPE),
            f", of {plural(value.garbage, 'garbage object')}, {size(value.garbage_size)}",
        )
    else:
        yield page.line("no garbage: every object is reachable")
    yield page.line(
        f"generation {value.generation} in {duration(value.seconds)}",
        f", the collector counts {count(value.collected)}",
    )
    if value.rss_before and value.rss_after:
        change = more_bytes(value.rss_after - value.rss_before)
        yield page.line(f"RSS {size(value.rss_before)} → {size(value.rss_after)} ({change})")
    if value.note:
        yield note(page, value.note)
    yield from _types(page, "freed", value.freed)
    yield from _types(page, "garbage that is still there", value.kept)
    yield from _types(page, "uncollectable (gc.garbage)", value.uncollectable)


def _types(page: Page, title: str, rows: Sequence[TypeCount]) -> Iterator[str]:
    if not rows:
        return
    heads = [number("count", Style.NUMBER), number("bytes"), type_name(title)]
    yield from table(page, heads, ((count(row.count), size(row.size), row.type) for row in rows[:MOST_TYPES]))
    if len(rows) > MOST_TYPES:
        yield left_out(page, len(rows) - MOST_TYPES, "type", "leak gc --json")

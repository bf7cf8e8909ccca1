"""Marks as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, duration, plural, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, number, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.marked import Marked


def marked(value: Marked, page: Page) -> Iterator[str]:
    """Yield what the mark has seen and what it cost, and the marks that are kept."""
    yield page.line(
        (f"mark {value.name}", Style.TYPE),
        f": {plural(value.objects, 'object')}, {size(value.size)}, on {plural(value.paths, 'path')}",
    )
    yield page.line(
        f"the program stood still for {duration(value.pause)}; the mark took {duration(value.cost)}"
    )
    counts = [number("objects", Style.NUMBER), number("bytes"), number("garbage"), number("RSS")]
    rows = (
        (
            duration(row.ago) if row.ago else "now",
            count(row.objects),
            size(row.size),
            count(row.garbage),
            size(row.rss),
            row.name,
        )
        for row in value.marks
    )
    if len(value.marks) > 1:
        yield from table(page, [number("ago"), *counts, Column("mark", flexible=True)], rows)

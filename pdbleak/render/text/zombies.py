"""What has finished and is still held, as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, share, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, number, table, type_name
from pdbleak.render.text.phrases import left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.zombies import ZombieCensus, Zombies

PERCENT = 100


def zombies(value: ZombieCensus, page: Page) -> Iterator[str]:
    """Yield two lines for every type: how many retain how much, and what holds them."""
    total = sum(row.count for row in value.rows)
    judged = f" of {plural(value.judged, 'object')} that can finish"
    if not value.rows:
        yield page.line(f"nothing finished is held,{judged}")
        return
    yield page.line((f"{plural(total, 'finished object')} still held", Style.TYPE), f",{judged}")
    heads = [number("count", Style.NUMBER), number("retained"), type_name(), Column("", flexible=True)]
    cells = ((count(row.count), size(row.retained), row.type, row.state) for row in value.rows)
    title, *lines = table(page, heads, cells)
    yield title
    for row, line in zip(value.rows, lines, strict=True):
        yield line
        yield from _details(row, page)
    if value.omitted:
        yield left_out(page, value.omitted, "type", f"leak zombies {len(value.rows) + value.omitted}")


def _details(row: Zombies, page: Page) -> Iterator[str]:
    held = row.holder or "held by C, or by a running frame only"
    part = f"  holds {share(round(PERCENT * row.share), PERCENT)}" if row.share < 1 else ""
    yield page.line("       ← ", (held, Style.REFERENCE), (part, Style.QUIET))
    more = [row.age] if row.age else []
    more += [f"{count(row.passing)} more in passing"] if row.passing else []
    more += [f"{count(row.inside)} more inside of others"] if row.inside else []
    yield page.line("       ", (row.handle or "e.g.", Style.NUMBER), "  ", row.form)
    if more:
        yield page.line("       ", ("; ".join(more), Style.QUIET))

"""A cut that was made as text: what was removed, what died; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import number, table, type_name
from pdbleak.render.text.phrases import left_out, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.severed import Severed

MOST_TYPES = 8


def severed(value: Severed, page: Page) -> Iterator[str]:
    """Yield what was removed, then what died beside what was promised, by type."""
    if value.removed:
        yield page.line("removed ", (", ".join(value.removed), Style.REFERENCE))
    for each in value.failed:
        yield note(page, f"not removed: {each}")
    if value.note:
        yield note(page, value.note)
    if value.rows:
        yield from _died(value, page)
    elif value.removed:
        yield page.line(("nothing dies at once", Style.TYPE))
    if value.others:
        died = plural(value.others, "object")
        yield note(page, f"{died} more died: finalizers, callbacks and other threads free too")
    if value.waiting:
        yield page.line(
            f"{plural(value.waiting, 'object')}, {size(value.waiting_size)} wait for a collection"
        )


def _died(value: Severed, page: Page) -> Iterator[str]:
    when = "after a collection" if value.collected else "at once"
    died = f"{plural(value.died, 'object')} died, {size(value.died_size)}"
    yield page.line((died, Style.TYPE), f", {when}; {_kept(value)}")
    heads = [number("promised"), number("died", Style.NUMBER), number("bytes"), type_name("type")]
    shown = value.rows[:MOST_TYPES]
    cells = ([count(row.promised), count(row.died), size(row.size), row.type] for row in shown)
    yield from table(page, heads, cells, indent="   ")
    if len(value.rows) > len(shown):
        yield left_out(page, len(value.rows) - len(shown), "type", indent="   ")


def _kept(value: Severed) -> str:
    if value.died == value.promised:
        return "as promised"
    return f"{count(value.promised)} were promised, {count(value.promised - value.died)} are still held"

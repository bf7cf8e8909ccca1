"""A cut as text: the references to remove, and what that frees; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, size, times
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, number, table, type_name
from pdbleak.render.text.phrases import left_out, note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdbleak.analyses.cut import ChokePoint, Cut, CutReference

MOST_TYPES = 8


def cut(value: Cut, page: Page) -> Iterator[str]:
    """Yield the references to remove, then what dies and when, then the choke point."""
    named = (f"{value.handle}  ", Style.NUMBER) if value.handle else ""
    if value.form:
        yield page.line(named, (value.subject, Style.TYPE), "  ", value.form)
    if not value.number:
        yield note(page, value.note)
        return
    yield _held(value, page)
    yield from _references(value.rows, page)
    if value.stuck:
        yield page.line("nearer to it, but not to be removed:")
        yield from _references(value.stuck, page)
    yield from _frees(value, page)
    if value.choke is not None:
        yield from _choke(value.choke, page)


def _held(value: Cut, page: Page) -> str:
    if value.number > value.most:
        return page.line("held by more than ", (f"{value.most} independent references", Style.WARNING))
    if value.number == 1:
        return page.line("held by ", ("one reference", Style.NUMBER), ": without it, it dies")
    these = (f"{value.number} references", Style.NUMBER)
    return page.line("held by ", these, ": without all of them it dies, without fewer it lives on")


def _references(rows: Sequence[CutReference], page: Page) -> Iterator[str]:
    heads = [number(""), Column("", style=Style.REFERENCE, flexible=True, tail=True), Column("")]
    cells = [[times(row.count), row.where, "→", row.referent] for row in rows]
    for row, line in zip(rows, table(page, [*heads, type_name("")], cells, indent="   "), strict=True):
        yield line
        if row.obstacle:
            yield note(page, row.obstacle, indent="      ")


def _frees(value: Cut, page: Page) -> Iterator[str]:
    if not value.rows:
        return
    freed = f"frees {plural(value.objects, 'object')}, {size(value.size)}"
    times_ = [
        (value.at_once, value.at_once_size, "at once"),
        (value.next_collection, value.next_collection_size, "with the next collection"),
        (value.further_collections, value.further_collections_size, "with further ones"),
    ]
    parts = [(objects, bytes_, when) for objects, bytes_, when in times_ if objects]
    if len(parts) == 1:
        yield page.line((freed, Style.TYPE), f", {parts[0][2]}")
    else:
        yield page.line((freed, Style.TYPE))
        for objects, bytes_, when in parts:
            yield page.line(f"   {plural(objects, 'object')}, {size(bytes_)} {when}")
    shown = value.types[:MOST_TYPES]
    heads = [number("count", Style.NUMBER), number("bytes"), type_name("type")]
    cells = ([count(row.count), size(row.size), row.type] for row in shown)
    yield from table(page, heads, cells, indent="   ")
    if len(value.types) > len(shown):
        yield left_out(page, len(value.types) - len(shown), "type", indent="   ")
    if value.finalizers:
        runs = "finalizer runs" if value.finalizers == 1 else "finalizers run"
        yield note(page, f"{count(value.finalizers)} {runs}, which may free more or bring objects back")
    if value.suspended:
        are = "generator is" if value.suspended == 1 else "generators are"
        yield note(page, f"{count(value.suspended)} suspended {are} closed: what waits there runs")
    if value.note:
        yield note(page, value.note)


def _choke(choke: ChokePoint, page: Page) -> Iterator[str]:
    yield page.line("all paths lead through")
    handle = f"{choke.handle}  " if choke.handle else ""
    yield page.line("   ", (handle, Style.NUMBER), (choke.type, Style.TYPE), "  ", choke.form)
    if choke.where:
        yield page.line("   ", (choke.where, Style.REFERENCE))
    yield page.line(f"   {plural(choke.objects, 'object')}, {size(choke.size)} die with it")

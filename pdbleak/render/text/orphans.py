"""Orphans as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.orphans import LATER
from pdbleak.render.amounts import count, duration, more, more_bytes, plural, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, form, number, table, type_name
from pdbleak.render.text.phrases import left_out, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.orphans import Orphans

LEAST = 1 << 20


def orphans(value: Orphans, page: Page) -> Iterator[str]:
    """Yield how many there are and how many are new, then types, then what else C code took."""
    if value.seconds is None:
        yield page.line(
            (plural(value.objects, "object"), Style.TYPE),
            " that nobody visible owns"
            + ("; what is new is counted from now on" if value.next == LATER else ""),
        )
    else:
        yield page.line(
            (f"{plural(value.new, 'new orphan')}", Style.WARNING if value.new else Style.ROOT),
            f" in {duration(value.seconds)}; {count(value.constant)} are as before",
        )
    yield from _rows(value, page)
    if value.omitted:
        yield left_out(page, value.omitted, "type", f"leak orphans {len(value.rows) + value.omitted}")
    if value.unmet is not None and value.unmet >= LEAST:
        yield note(
            page,
            f"{more_bytes(value.unmet)} of small objects that no walk meets: str, bytes, numbers held by C",
        )
    if value.c_heap is not None and value.c_heap >= LEAST:
        yield note(
            page,
            f"{more_bytes(value.c_heap)} in the C heap without an object: a native profiler names the line",
        )
    for text in value.notes:
        yield note(page, text)


def _rows(value: Orphans, page: Page) -> Iterator[str]:
    if not value.rows:
        return
    compared = value.seconds is not None
    hidden = any(row.holder for row in value.rows)
    heads = [
        *([number("new", Style.NUMBER)] if compared else []),
        number("objects", Style.PLAIN if compared else Style.NUMBER),
        number("refs"),
        number("bytes"),
        type_name(),
        *([Column("held by")] if hidden else []),
        Column("", style=Style.NUMBER),
        form(),
    ]
    yield from table(
        page,
        heads,
        (
            (
                *([_new(row.new, row.new_references)] if compared else []),
                count(row.objects),
                count(row.references),
                size(row.size),
                row.type,
                *([row.holder or "C"] if hidden else []),
                row.handle,
                row.form,
            )
            for row in value.rows
        ),
    )


def _new(objects: int, references: int) -> str:
    """Return how many objects are new, or how many references to what was there before."""
    return more(objects) if objects else f"{more(references)} refs"

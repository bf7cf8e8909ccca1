"""A listing as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, form, number, table, type_name
from pdbleak.render.text.phrases import left_out, nothing, population

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.listing import Listing


def listing(value: Listing, page: Page) -> Iterator[str]:
    """Yield one line for every object; the type only where the subject is more than one type."""
    if not value.total:
        yield nothing(page, value.subject)
        return
    shown = "" if len(value.rows) == value.total else f", {count(len(value.rows))} of them here"
    yield page.line((population(value.total, value.subject), Style.TYPE), shown)
    many = len({row.type for row in value.rows}) > 1
    heads = [Column("", style=Style.NUMBER), Column("", style=Style.QUIET), number("")]
    heads += [type_name(""), form()] if many else [form()]
    yield from table(
        page,
        heads,
        (
            (row.handle, f"{row.address:#x}", size(row.size), *((row.type,) if many else ()), row.form)
            for row in value.rows
        ),
    )
    omitted = value.total - len(value.rows)
    if omitted > 0:
        longer = min(2 * max(1, len(value.rows)), value.total)
        yield left_out(page, omitted, "object", f"leak list {value.subject} {longer}")

"""Instances by the references that hold them as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, share, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, number, table
from pdbleak.render.text.phrases import left_out, nothing, population

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.via import Via


def via(value: Via, page: Page) -> Iterator[str]:
    """Yield one line for every set of references: how many instances, their bytes, the references."""
    if not value.objects:
        yield nothing(page, value.subject)
        return
    yield page.line(
        (population(value.objects, value.subject), Style.TYPE),
        f", {size(value.size)}, by what refers to them",
    )
    heads = [
        number("count", Style.NUMBER),
        number("share", Style.QUIET),
        number("bytes"),
        Column("referred to by", style=Style.REFERENCE, flexible=True),
    ]
    yield from table(
        page,
        heads,
        (
            (count(row.count), share(row.count, value.objects), size(row.size), row.reference)
            for row in value.rows
        ),
    )
    if value.omitted:
        longer = min(2 * len(value.rows), len(value.rows) + value.omitted)
        yield left_out(page, value.omitted, "row", f"leak via {value.subject} {longer}")

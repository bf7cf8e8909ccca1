"""The table of deferred references as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import plural
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.deferred import Deferrals


def deferrals(value: Deferrals, page: Page) -> Iterator[str]:
    """Yield a line for every reference that is followed last, the user's own first."""
    yield page.line((f"{plural(len(value.rows), 'reference')} followed last", Style.TYPE), ", never dropped")
    heads = [Column("reference", style=Style.REFERENCE), Column("from"), Column("why", flexible=True)]
    yield from table(page, heads, ((row.reference, row.source, row.why) for row in value.rows))

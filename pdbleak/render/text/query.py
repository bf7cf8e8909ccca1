"""What a question in SQL found as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, duration, plural
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.query import Cell, QueryResult


def query(value: QueryResult, page: Page) -> Iterator[str]:
    """Yield the rows below the names of their columns."""
    if value.columns:
        rows = [[_text(cell) for cell in row] for row in value.rows]
        yield from table(page, _heads(value), rows)
    asked = f" of {count(value.files)} heaps" if value.files > 1 else ""
    yield page.line((f"{plural(len(value.rows), 'row')}{asked}, {duration(value.seconds)}", Style.QUIET))
    if value.more:
        yield page.line(("there are more rows; for all: COPY (SELECT …) TO 'rows.csv'", Style.WARNING))


def _heads(value: QueryResult) -> list[Column]:
    """Return the columns: at the right where all cells are numbers."""
    heads = []
    for place, name in enumerate(value.columns):
        cells = [row[place] for row in value.rows]
        numbers = any(cell is not None for cell in cells) and not any(isinstance(cell, str) for cell in cells)
        heads.append(Column(name or " ", right=numbers, flexible=not numbers and name != "address"))
    return heads


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)

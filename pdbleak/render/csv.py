"""Rows as comma-separated values, for programs; knows no single result and no file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from pdbleak.render.cells import Cell, columns_of, rows_of
from pdbleak.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMULA = ("=", "@", "+", "-")


def csv_lines(value: Any) -> Iterator[str]:
    """Yield the title line and a line for every row; numbers are bare, text is clean."""
    names = columns_of(value, ".csv")
    yield _line(names)
    for row in rows_of(value):
        yield _line([_safe(cell) for cell in row])


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    cell = clean(cell)
    # a spreadsheet runs text that looks like a formula, and this text is the program's
    return f"'{cell}" if cell.startswith(FORMULA) and not cell[1:].replace(".", "").isdigit() else cell


def _line(cells: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()

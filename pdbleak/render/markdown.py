"""Rows as a markdown table, for people; knows no single result and no file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak.patterns import compile_apart
from pdbleak.render.amounts import count, more, more_bytes, size
from pdbleak.render.cells import Cell, columns_of, rows_of
from pdbleak.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

SPECIAL = compile_apart(r"([\\`*_<>|\[\]&~#])")


def markdown_lines(value: Any) -> Iterator[str]:
    """Yield a table with numbers at the right, then what was left out."""
    names = columns_of(value, ".md")
    rows = list(rows_of(value))
    numeric = [bool(rows) and all(isinstance(row[index], int) for row in rows) for index in range(len(names))]
    yield _line(name.replace("_", " ") for name in names)
    yield _line("--:" if right else "---" for right in numeric)
    for row in rows:
        yield _line(_text(name, cell) for name, cell in zip(names, row, strict=True))
    omitted = getattr(value, "omitted", 0) or max(0, getattr(value, "total", 0) - len(rows))
    if omitted:
        yield ""
        yield f"… {count(omitted)} more rows"


def _text(name: str, cell: Cell) -> str:
    if isinstance(cell, int):
        forms = {"size": size, "size_delta": more_bytes, "count_delta": more}
        return forms.get(name, count)(cell)
    return SPECIAL.sub(r"\\\1", clean("" if cell is None else str(cell)))


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"

"""What a question in SQL found, as a value; knows no database."""

from __future__ import annotations

from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Rows of cells under named columns, out of `files` heaps; `more` says that there are others."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    files: int
    more: bool
    seconds: float
    next: str

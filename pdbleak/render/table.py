"""Aligned columns of text within a page's width; knows no result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.render.clean import clean, columns, cut
from pdbleak.render.page import Page, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GAP = "  "
NARROW = 12  # columns that a flexible column keeps when the page is too narrow
LONGEST = 400  # characters of a cell that are looked at


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its side, its style; a `flexible` one is cut to fit, at its front where `tail`."""

    title: str
    right: bool = False
    style: Style = Style.PLAIN
    flexible: bool = False
    tail: bool = False


def number(title: str, style: Style = Style.PLAIN) -> Column:
    """Return a column of numbers: at the right, never cut."""
    return Column(title, right=True, style=style)


def type_name(title: str = "type") -> Column:
    """Return a column of type names: what distinguishes them stands at their end."""
    return Column(title, style=Style.TYPE, flexible=True, tail=True)


def form(title: str = "") -> Column:
    """Return a column of objects' one-line forms."""
    return Column(title, flexible=True)


def table(
    page: Page, heads: Sequence[Column], rows: Iterable[Sequence[str]], *, indent: str = ""
) -> Iterator[str]:
    """Yield a title line, where any column has a title, and a line for every row. O(cells)."""
    cells = [[clean(cell[:LONGEST]) for cell in row] for row in rows]
    widths = _fit(heads, cells, page.width - len(indent))
    if any(head.title for head in heads):
        yield _row(page, heads, widths, [head.title for head in heads], indent, title=True)
    for row in cells:
        yield _row(page, heads, widths, row, indent)


def _row(
    page: Page,
    heads: Sequence[Column],
    widths: Sequence[int],
    row: Sequence[str],
    indent: str,
    *,
    title: bool = False,
) -> str:
    pieces: list[tuple[str, Style]] = [(indent, Style.PLAIN)]
    last = max((index for index, cell in enumerate(row) if cell), default=0)
    for index, (head, width, cell) in enumerate(zip(heads, widths, row, strict=True)):
        if index > last:
            break
        text = cut(cell, width, tail=head.tail)
        blank = " " * max(0, width - columns(text))
        style = Style.QUIET if title else head.style
        if head.right:
            pieces += [(blank, Style.PLAIN), (text, style)]
        else:
            pieces += [(text, style), (blank if index < last else "", Style.PLAIN)]
        pieces.append((GAP if index < last and width else "", Style.PLAIN))
    return page.line(*pieces)


def _fit(heads: Sequence[Column], cells: Sequence[Sequence[str]], room: int) -> list[int]:
    widths = [
        max([columns(head.title), *(columns(row[index]) for row in cells)])
        for index, head in enumerate(heads)
    ]
    flexible = [index for index, head in enumerate(heads) if head.flexible]
    over = sum(widths) + len(GAP) * (sum(1 for width in widths if width) - 1) - room
    while over > 0 and flexible:
        widest = max(flexible, key=lambda index: widths[index])
        if widths[widest] <= NARROW:
            break
        widths[widest] -= 1
        over -= 1
    return widths

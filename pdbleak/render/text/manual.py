"""The manual as text; knows no other form."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pdbleak.render.clean import columns
from pdbleak.render.page import Page, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdbleak.analyses.manual import Entry, Manual, ManualPage

WIDEST_USAGE = 34
INDENT = "  "


def manual(value: Manual, page: Page) -> Iterator[str]:
    """Yield one entry for every command, in the table's order."""
    yield page.line(("leak COMMAND [SUBJECT] [N] [options]", Style.TYPE))
    yield from _entries(page, value.rows)


def manual_page(value: ManualPage, page: Page) -> Iterator[str]:
    """Yield a command's usage, its documentation and its arguments."""
    yield page.whole(("leak ", Style.QUIET), (value.usage, Style.TYPE))
    yield ""
    for paragraph in value.text.split("\n\n"):
        # an indented paragraph is an example: its lines stay
        if paragraph[:1].isspace():
            yield from (page.whole(line) for line in paragraph.splitlines())
        else:
            yield from (page.line(line) for line in textwrap.wrap(paragraph, page.width))
        yield ""
    yield from _entries(page, value.arguments)


def _entries(page: Page, rows: Sequence[Entry]) -> Iterator[str]:
    fitting = [columns(row.usage) for row in rows if columns(row.usage) <= WIDEST_USAGE]
    left = max(fitting, default=0)
    for row in rows:
        summary = textwrap.wrap(row.summary, max(20, page.width - left - 2 * len(INDENT))) or [""]
        usage = row.usage
        if columns(usage) > left:
            yield page.whole(INDENT, (usage, Style.REFERENCE))
            usage = ""
        for line in summary:
            yield page.line(INDENT, (usage.ljust(left), Style.REFERENCE), INDENT, line)
            usage = ""

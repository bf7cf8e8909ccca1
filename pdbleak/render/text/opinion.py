"""Another tool's answer as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import left_out, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.opinion import Opinion

MOST_LINES = 500


def opinion(value: Opinion, page: Page) -> Iterator[str]:
    """Yield what asking did to the program, then the other tool's lines as they are, not cut."""
    yield page.line((f"{value.tool}: ", Style.TYPE), value.call)
    if value.warning:
        yield note(page, value.warning)
    lines = value.text.splitlines()
    yield from (page.whole(line.expandtabs()) for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield left_out(page, len(lines) - MOST_LINES, "line", f"-o {value.tool}.txt has them too")
    if not value.text.strip():
        yield page.line(f"{value.tool} answered nothing")
    if value.picture:
        yield page.whole("picture: ", (value.picture, Style.TYPE))

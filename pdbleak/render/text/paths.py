"""Merged paths as text; knows no other form."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, share, size
from pdbleak.render.clean import clean
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import left_out, nothing, population

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.paths import Path, Paths

EXPLAINS = 0.8
INDENT = "   "


def paths(value: Paths, page: Page) -> Iterator[str]:
    """Yield a block for every path: how many instances, what they retain, the steps down from the root."""
    if not value.objects:
        yield nothing(page, value.subject)
        return
    total = len(value.rows) + value.omitted
    yield page.line(
        (population(value.objects, value.subject), Style.TYPE),
        f", {size(value.size)}",
        f", on {plural(total, 'path')}, retain {size(value.retained)}" if total else "",
    )
    if value.rows and total > 1 and value.rows[0].count >= EXPLAINS * value.objects:
        yield page.line(
            (f"one path explains {share(value.rows[0].count, value.objects)} of them", Style.ROOT)
        )
    for row in value.rows:
        yield ""
        yield from _path(page, value, row)
    if value.omitted:
        yield ""
        more = f"leak paths {value.subject} {min(2 * len(value.rows), total)}"
        yield left_out(page, value.omitted, "path", more)
        yield page.line(INDENT, f"to {plural(value.omitted_objects, 'object')}")
    if value.garbage:
        yield ""
        yield page.line(
            (f"{count(value.garbage)} garbage", Style.WARNING),
            f", {size(value.garbage_size)}: no root leads to them; a collection after c frees them",
        )


def _path(page: Page, value: Paths, row: Path) -> Iterator[str]:
    yield page.line(
        (count(row.count), Style.NUMBER),
        f"  {share(row.count, value.objects)}  {size(row.size)}",
        "" if row.retained is None else f", retaining {size(row.retained)}",
    )
    yield from _wrapped(page, row.path, Style.REFERENCE)
    if value.keys:
        for step in row.steps:
            if step.keys:
                yield from _wrapped(page, f"{step.reference} is {', '.join(step.keys)}", Style.PLAIN)
    if row.oldest:
        yield page.line(INDENT, ("oldest ", Style.QUIET), row.oldest)
        yield page.line(INDENT, ("newest ", Style.QUIET), row.newest)
    for other in row.also:
        yield from _wrapped(
            page,
            f"{share(other.count, row.count)} also held by {other.path.removeprefix('held by ')}",
            Style.WARNING,
        )


def _wrapped(page: Page, text: str, style: Style) -> Iterator[str]:
    for line in textwrap.wrap(
        clean(text),
        page.width,
        initial_indent=INDENT,
        subsequent_indent=INDENT * 2,
        break_on_hyphens=False,
    ):
        yield page.line((line, style))

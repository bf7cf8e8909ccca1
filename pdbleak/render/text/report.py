"""What a report has on its page as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import duration, plural
from pdbleak.render.page import Page, Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.report import Report


def report(value: Report, page: Page) -> Iterator[str]:
    """Yield where the page is and what it shows."""
    yield page.whole("written to ", (value.path, Style.TYPE))
    found = plural(len(value.triage.findings), "finding")
    yield page.line(
        f"{found}, {plural(len(value.types.rows), 'type')}, the paths and referrers of {len(value.paths)}; "
        f"took {duration(value.seconds)}"
    )
    if value.redacted:
        yield page.line("redacted: no values are in it, but types, attributes and code places are")
    else:
        yield page.line("it shows short forms of objects, which are data of the program")

"""What was saved as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import duration, plural, size
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.saving import Saved


def saved(value: Saved, page: Page) -> Iterator[str]:
    """Yield where the heap is and what is in the file."""
    yield page.whole("saved to ", (value.path, Style.TYPE))
    yield page.line(
        f"{plural(value.objects, 'object')}, {plural(value.references, 'reference')} in {size(value.size)}; "
        f"took {duration(value.seconds)}"
    )
    if value.redacted:
        yield page.line("redacted: no values are in it, but types, attributes and code places are")
    else:
        yield page.line(
            f"{plural(value.forms, 'object')} in their short form, which shows data of the program"
        )
    if value.missed:
        yield note(page, f"{plural(value.missed, 'object')} gone before being told of")

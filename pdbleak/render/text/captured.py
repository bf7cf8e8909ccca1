"""What a capture saw as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import duration, plural, size
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.captured import Captured


def captured(value: Captured, page: Page) -> Iterator[str]:
    """Yield how much was captured at which cost, then what could not be seen."""
    yield page.line(
        (f"captured {plural(value.objects, 'object')}, {size(value.size)}", Style.TYPE),
        f", {plural(value.references, 'reference')}",
    )
    yield page.line(
        f"the program stood still for {duration(value.pause)}; the graph takes {size(value.memory)}"
    )
    yield page.line(f"{plural(value.garbage, 'object')} garbage" if value.garbage else "no garbage")
    if value.unseen:
        yield note(page, f"not seen: {plural(value.unseen, 'frozen object')} (gc.freeze)")
    if value.dead:
        yield note(page, f"not followed: {plural(value.dead, 'dead object')} that C still points to")

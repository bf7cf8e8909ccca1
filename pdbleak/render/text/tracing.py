"""The state of tracing as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import duration, plural, size
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.tracing import Tracing

JUST_NOW = 1.0  # seconds


def tracing(value: Tracing, page: Page) -> Iterator[str]:
    """Yield whether allocations are traced, since when, at which cost."""
    if value.stopped:
        since = f" after {duration(value.seconds)}" if value.seconds is not None else ""
        yield page.line(
            ("tracing is off", Style.TYPE), f"{since}; {size(value.memory)} of traces are forgotten"
        )
        return
    if not value.frames:
        yield page.line(("allocations are not traced", Style.TYPE))
        return
    by = ", by the program itself" if value.seconds is None else ""
    since = f" for {duration(value.seconds)}" if value.seconds and value.seconds >= JUST_NOW else ""
    yield page.line(
        ("allocations are traced", Style.TYPE), f"{since}{by}, {plural(value.frames, 'frame')} each"
    )
    yield page.line(f"{size(value.traced)} are known by their line; the traces take {size(value.memory)}")
    end = "leak trace off" if value.seconds is not None else "the program stops it"
    yield note(page, f"what is older stays unknown; allocations take longer until {end}")

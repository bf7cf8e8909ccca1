"""A path from a root as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import plural, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, form, number, table, type_name
from pdbleak.render.text.phrases import fold, folded, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.chain import Chain


def chain(value: Chain, page: Page) -> Iterator[str]:
    """Yield the root, then the objects on the way down to the subject, each by its reference's name."""
    if not value.steps:
        yield note(page, value.note or f"nothing holds {value.subject}")
        return
    end = value.steps[-1]
    yield page.line(
        (f"{value.handle}  " if value.handle else "", Style.NUMBER),
        (end.type, Style.TYPE),
        f"  is held through {plural(len(value.steps) + value.omitted, 'reference')} from",
    )
    yield page.line((value.root, Style.ROOT))
    heads = [
        Column("", style=Style.REFERENCE, flexible=True),
        Column(""),
        type_name(""),
        number("", Style.QUIET),
        form(),
    ]
    kept = list(fold((step.reference, step.type) for step in value.steps))
    steps = [value.steps[place] for place, _ in kept]
    cells = [(step.reference, "→", step.type, size(step.size), step.form) for step in steps]
    for (_, hidden), line in zip(kept, table(page, heads, cells, indent="   "), strict=True):
        yield line
        if hidden:
            yield folded(page, hidden, indent="   ")
    if value.note:
        yield note(page, value.note)

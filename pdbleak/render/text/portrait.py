"""A portrait as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, size, times
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, form, number, table, type_name
from pdbleak.render.text.phrases import head, left_out, note, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdbleak.analyses.portrait import Neighbour, Portrait

STATES = {"reachable": Style.ROOT, "garbage": Style.WARNING, "held by C": Style.WARNING}


def portrait(value: Portrait, page: Page) -> Iterator[str]:
    """Yield what the object is, then what refers to it, then what it refers to."""
    if not value.address:
        yield nothing(page, value.type)
        return
    yield head(page, value.handle, value.type, value.form, value.size)
    yield page.line(
        (value.state, STATES.get(value.state, Style.PLAIN)),
        *(
            (f", frees {size(value.retained)} in {plural(value.retained_objects, 'object')}",)
            if value.retained_objects
            else ()
        ),
        f", one of {count(value.population)} of its type"
        if value.population > 1
        else ", the only one of its type",
        (f"  {value.address:#x}", Style.QUIET),
    )
    if value.origin:
        yield page.line(f"allocated at {value.origin}")
    if value.note:
        yield note(page, value.note)
    yield from _neighbours(page, "refers to it", value.referrers, value.referrer_total, "←")
    if value.weak:
        yield page.line(f"   and {plural(value.weak, 'weak reference')}, which do not keep it alive")
    yield from _neighbours(page, "it refers to", value.referents, value.referent_total, "→")


def _neighbours(page: Page, title: str, rows: Sequence[Neighbour], total: int, arrow: str) -> Iterator[str]:
    if not total and not rows:
        yield page.line(
            "nothing that the capture can see refers to it" if arrow == "←" else "it refers to nothing"
        )
        return
    yield page.line((title, Style.TYPE), f" ({plural(total, 'reference')})")
    heads = [number(""), Column("", style=Style.REFERENCE, flexible=True), Column(""), type_name(""), form()]
    yield from table(
        page,
        heads,
        ((times(row.count), row.reference, arrow, row.type, row.form) for row in rows),
        indent="   ",
    )
    omitted = total - sum(row.count for row in rows)
    if omitted > 0:
        yield left_out(page, omitted, "reference", indent="   ")

"""How big a subject is, as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, share, size
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import head, note, nothing, population

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.weight import Weight


def weight(value: Weight, page: Page) -> Iterator[str]:
    """Yield the shallow bytes, then the retained ones, then what they are made of."""
    if not value.population:
        yield nothing(page, value.subject)
        return
    if value.address:
        yield head(page, value.handle, value.subject, value.form, value.size)
    else:
        yield page.line((population(value.population, value.subject), Style.TYPE))
        yield page.line(("   shallow  ", Style.QUIET), size(value.size))
    yield page.line(
        ("  retained  ", Style.QUIET),
        (size(value.retained), Style.NUMBER),
        f" in {plural(value.objects, 'object')}, {share(value.retained, value.whole)} of the heap",
    )
    if value.population > 1:
        yield page.line(
            (" each alone ", Style.QUIET),
            f"{size(value.alone)}: what only several together keep is not in it"
            if value.alone < value.retained
            else f"{size(value.alone)}: they share nothing that only they keep",
        )
    if value.garbage:
        which = "it is" if value.population == 1 else f"{count(value.garbage)} of them are"
        yield note(page, f"{which} garbage: no root leads there; a collection after c frees it")

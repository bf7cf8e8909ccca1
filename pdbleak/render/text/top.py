"""What retains most, as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, share, size, times
from pdbleak.render.clean import columns, cut
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import left_out, note, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.top import Retainer, Top

MOST_CHILDREN = 3  # of where a row gathers
FORK, CORNER, TRUNK, BLANK = "├─ ", "└─ ", "│  ", "   "
SIZE, SHARE, COUNT = 10, 6, 11  # columns of the numbers
LEAST_FORM = 10  # columns under which a form says nothing
LONGEST_REFERENCE = 40
HALF = 2


def top(value: Top, page: Page) -> Iterator[str]:
    """Yield a line for every row and for what is followed below it, heaviest first."""
    if value.subject and not value.population:
        yield nothing(page, value.subject)
        return
    yield _head(value, page)
    if value.note:
        yield note(page, value.note)
    if value.rows:
        titles = f"{'retained':>{SIZE}} {'share':>{SHARE}} {'objects':>{COUNT}}"
        yield page.line((titles, Style.QUIET))
    for row in value.rows[: value.limit]:
        yield from _branch(page, value, row)
    hidden = value.rows[value.limit :]
    if hidden:
        command = f"leak top {value.handle or value.subject} {2 * value.limit}".replace("  ", " ")
        yield left_out(page, len(hidden), "row", command)
    if value.omitted:
        yield page.line((f"… {_smaller(value.omitted, value.omitted_retained)}", Style.QUIET))


def _head(value: Top, page: Page) -> str:
    if not value.subject:
        lost = f", and {size(value.garbage)} of garbage" if value.garbage else ""
        alive = plural(value.objects, "object")
        return page.line((alive, Style.TYPE), f" alive, {size(value.whole)}{lost}: what retains most")
    who = (f"{value.handle}  ", Style.NUMBER) if value.handle else ""
    several = f" {times(value.population)} retain " if value.population > 1 else " retains "
    return page.line(
        who,
        (value.subject, Style.TYPE),
        f"{several}{size(value.retained)} in {plural(value.objects, 'object')}, "
        f"{share(value.retained, value.whole)} of the heap",
    )


def _branch(page: Page, value: Top, row: Retainer) -> Iterator[str]:
    prefix = ""
    yield _line(page, value, "", row)
    while not row.gathers:
        row = row.children[0]
        yield _line(page, value, prefix + CORNER, row)
        prefix += BLANK
    shown = row.children[:MOST_CHILDREN]
    others = row.children[MOST_CHILDREN:]
    rest = row.omitted + sum(child.count for child in others)
    for child in shown:
        last = child is shown[-1] and not rest
        yield _line(page, value, prefix + (CORNER if last else FORK), child)
    blank = " " * (SIZE + SHARE + COUNT + 4)
    if rest and row.children:
        small = _smaller(rest, row.omitted_retained + sum(child.retained for child in others))
        yield page.line((f"{blank}{prefix}{CORNER}… {small}", Style.QUIET))
    if row.deeper:
        deeper = f"… {plural(row.deeper, 'more step')} down"
        yield page.line((f"{blank}{prefix}{CORNER}{deeper}", Style.QUIET))


def _smaller(number: int, retained: int) -> str:
    return f"{count(number)} smaller, {size(retained)}"


def _line(page: Page, value: Top, stem: str, row: Retainer) -> str:
    numbers = (
        f"{size(row.retained):>{SIZE}} ",
        f"{share(row.retained, value.whole):>{SHARE}} ",
        f"{count(row.objects):>{COUNT}}  ",
    )
    skipped = f"… {count(row.skipped)} steps … " if row.skipped else ""
    reference = cut(row.reference, LONGEST_REFERENCE)
    where = f"{row.where} " if row.where and reference else row.where
    arrow = " → " if where or reference else ""
    number = f" {times(row.count)}" if row.count > 1 else ""
    handle = f"  {row.handle}" if row.handle else ""
    room = page.width - columns("".join((*numbers, stem, skipped, where, reference, arrow, number, handle)))
    name = cut(row.type, max(room, LEAST_FORM), tail=True)
    room -= columns(name) + HALF
    form = f"  {cut(row.form, room)}" if row.count == 1 and room >= LEAST_FORM else ""
    return page.line(
        (numbers[0], Style.NUMBER),
        numbers[1],
        (numbers[2], Style.QUIET),
        (stem, Style.QUIET),
        (skipped, Style.WARNING),
        (where, Style.ROOT),
        (reference, Style.REFERENCE),
        arrow,
        (name, Style.TYPE),
        (number, Style.NUMBER),
        (handle, Style.NUMBER),
        (form, Style.QUIET) if handle else form,
    )

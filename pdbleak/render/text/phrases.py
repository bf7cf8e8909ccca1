"""Lines that many answers share: the head of an object, nothing found, what was left out; knows no result."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, size
from pdbleak.render.page import Page, Style

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

# Of steps that repeat each other, more than that are folded.
MOST_ALIKE = 4


def head(page: Page, handle: str, type_name: str, form: str, bytes_: int) -> str:
    """Return an answer's first line about one object: its handle, type, size and form."""
    named = (f"{handle}  ", Style.NUMBER) if handle else ""
    return page.line(named, (type_name, Style.TYPE), f"  {size(bytes_)}  ", form)


def nothing(page: Page, subject: str) -> str:
    """Return the line for a type that has no objects."""
    return page.line((f"no live objects of type '{subject}'", Style.WARNING))


def population(number: int, subject: str) -> str:
    """Return how many objects of the subject there are; the subject is empty for the whole heap."""
    return f"{plural(number, 'object')} of type '{subject}'" if subject else plural(number, "object")


def left_out(page: Page, number: int, word: str, command: str = "", *, indent: str = "") -> str:
    """Return the line that announces what is not shown, and the command that shows it."""
    hint = (f"  ({command})", Style.QUIET) if command else ""
    words = word if number == 1 else f"{word}s"
    return page.line(indent, (f"… {count(number)} more {words}", Style.WARNING), hint)


def note(page: Page, text: str, *, indent: str = "") -> str:
    """Return a remark that the reader should not miss."""
    return page.line(indent, (text, Style.WARNING))


def fold(looks: Iterable[Hashable]) -> Iterator[tuple[int, int]]:
    """Yield the places that are shown of a long path, each with how many like it are left out after it.

    Of many in a row that look alike, the first and the last are shown.
    """
    place = 0
    for _, alike in groupby(looks):
        run = sum(1 for _ in alike)
        if run > MOST_ALIKE:
            yield place, run - 2
            yield place + run - 1, 0
        else:
            yield from ((each, 0) for each in range(place, place + run))
        place += run


def folded(page: Page, number: int, *, indent: str = "") -> str:
    """Return the line in the place of steps that are like the one above it."""
    return page.line(indent, (f"… {count(number)} more like this", Style.QUIET))

"""The branches of what retains most as collapsed stacks, for flame graph tools; knows no file and no heap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak.analyses.top import Retainer, Top
from pdbleak.command import CommandError
from pdbleak.render.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator


def branches(value: Any) -> Top:
    """Return an answer that is a tree of what retains what; `CommandError` for any other."""
    if type(value) is not Top:
        raise CommandError("only leak top has that form; type -o with a .json or .txt file, or leak top")
    return value


def folded_lines(value: Any) -> Iterator[str]:
    """Yield a line for every branch: names from the top, with `;` between, and the bytes it keeps by itself.

    The sum of all lines below a branch is what it retains. The form is that of flamegraph.pl's input.
    """
    top = branches(value)
    trunk = top.subject or "heap"
    if top.omitted_retained:
        yield f"{_word(trunk)};(smaller) {top.omitted_retained}"
    stack = [(row, _word(trunk)) for row in reversed(top.rows)]
    while stack:
        row, above = stack.pop()
        path = f"{above};{_word(label(row))}"
        own = row.retained - sum(child.retained for child in row.children) - row.omitted_retained
        if own > 0:
            yield f"{path} {own}"
        if row.omitted_retained:
            yield f"{path};(smaller) {row.omitted_retained}"
        stack += [(child, path) for child in reversed(row.children)]


def label(row: Retainer) -> str:
    """Return a branch's name: by which reference it is held, its type, how many, and what is not followed."""
    held = " ".join(text for text in (row.where, row.reference) if text)
    number = f" x{row.count}" if row.count > 1 else ""
    skipped = f"({row.skipped} steps) " if row.skipped else ""
    deeper = f" ({row.deeper:,} more steps)" if row.deeper else ""
    return f"{skipped}{held}{': ' if held else ''}{row.type}{number}{deeper}"


def _word(text: str) -> str:
    return clean(text).replace(";", ",")

"""A tree of references as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, times
from pdbleak.render.clean import columns, cut
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import head, nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.tree import Branch, ReferenceTree

FORK, CORNER, TRUNK, BLANK = "├─ ", "└─ ", "│  ", "   "
LEAST_FORM = 10  # columns under which a form says nothing
LONGEST_REFERENCE = 40
NOUNS = {"backrefs": "referrer", "refs": "referent"}
ARROWS = {"backrefs": " ← ", "refs": " → "}
QUESTIONS = {"backrefs": "what refers to it", "refs": "what it refers to"}


def reference_tree(value: ReferenceTree, page: Page) -> Iterator[str]:
    """Yield the subject, then a line for every branch under it, deepest first. O(branches)."""
    if not value.objects:
        yield nothing(page, value.subject)
        return
    top = value.top
    yield head(page, value.handle, top.type, top.form, top.size)
    one_of = f", one of {count(value.population)} of its type" if value.population > 1 else ""
    yield page.line(
        (f"{QUESTIONS[value.direction]}, to depth {value.depth}: ", Style.QUIET),
        (f"{plural(value.objects, 'object')}{one_of}", Style.QUIET),
    )
    if top.note:
        yield page.line((top.note, _mood(top.note)))
    elif not top.children and not top.omitted:
        nobody = "nothing refers to it" if value.direction == "backrefs" else "it refers to nothing"
        yield page.line(f"{nobody} that the capture can see")
    for stem, branch, omitted in _walk(top):
        stem = _short(stem, page.width // 2)  # noqa: PLW2901
        if branch is None:
            noun = NOUNS[value.direction] + ("" if omitted == 1 else "s")
            yield page.line((stem, Style.QUIET), (f"… {count(omitted)} more {noun}", Style.WARNING))
        else:
            yield _line(page, stem, ARROWS[value.direction], branch)
    if value.picture:
        yield page.whole("picture: ", (value.picture, Style.TYPE))


def _walk(top: Branch) -> Iterator[tuple[str, Branch | None, int]]:
    # a stack of its own: a tree may be deeper than the recursion limit of the program
    stack = list(reversed(_below(top, "")))
    while stack:
        prefix, corner, branch, omitted = stack.pop()
        yield prefix + (CORNER if corner else FORK), branch, omitted
        if branch is not None:
            stack += reversed(_below(branch, prefix + (BLANK if corner else TRUNK)))


def _below(branch: Branch, prefix: str) -> list[tuple[str, bool, Branch | None, int]]:
    last = len(branch.children) - 1
    below: list[tuple[str, bool, Branch | None, int]] = [
        (prefix, index == last and not branch.omitted, child, 0)
        for index, child in enumerate(branch.children)
    ]
    if branch.omitted:
        below.append((prefix, True, None, branch.omitted))
    return below


def _line(page: Page, stem: str, arrow: str, branch: Branch) -> str:
    reference = cut(branch.reference or "?", LONGEST_REFERENCE)
    number = f" {times(branch.count)}" if branch.count > 1 else ""
    note = f"  {cut(branch.note, page.width // 2)}" if branch.note else ""
    room = page.width - sum(map(columns, (stem, reference, arrow, number, note)))
    name = cut(branch.type, max(room, LEAST_FORM), tail=True)
    room -= columns(name) + 2
    form = f"  {cut(branch.form, room)}" if branch.form and room >= LEAST_FORM else ""
    return page.line(
        (stem, Style.QUIET),
        (reference, Style.REFERENCE),
        arrow,
        (name, Style.TYPE),
        (number, Style.NUMBER),
        form,
        (note, _mood(branch.note)),
    )


def _short(stem: str, room: int) -> str:
    return stem if len(stem) <= room else "…" + stem[1 - room :]


def _mood(note: str) -> Style:
    if note.startswith("root"):
        return Style.ROOT
    return Style.WARNING if "limit" in note or note.startswith("garbage") else Style.QUIET

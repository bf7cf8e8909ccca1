"""Cycles as text; knows no other form."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pdbleak.analyses.cycles import Cycles, CycleShape
from pdbleak.render.amounts import count, plural, size, times
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import left_out, note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdbleak.analyses.chain import Step

MOST_MEMBERS = 8
MOST_STEPS = 16
LAST_STEPS = 3


def cycles(value: Cycles, page: Page) -> Iterator[str]:
    """Yield a block for every shape: how many, garbage or held, its members, one example's way round."""
    through = f" through objects of type '{value.subject}'" if value.subject else ""
    if not value.cycles:
        yield page.line(f"no cycles{through}")
        return
    shapes = plural(len(value.rows) + value.omitted, "shape")
    yield page.line((plural(value.cycles, "cycle"), Style.TYPE), f"{through} in {shapes}: ", *_state(value))
    for number, shape in enumerate(value.rows, 1):
        yield from _shape(page, number, shape)
    if value.omitted:
        yield left_out(page, value.omitted, "shape")


def _state(value: Cycles | CycleShape) -> tuple[str | tuple[str, Style], ...]:
    total = value.cycles if isinstance(value, Cycles) else value.count
    garbage = (f"{count(value.garbage)} garbage", Style.WARNING)
    held = (f"{count(total - value.garbage)} held", Style.ROOT)
    if value.garbage == total:
        return (("all garbage" if total > 1 else "garbage", Style.WARNING),)
    return (garbage, ", ", held) if value.garbage else (("all held" if total > 1 else "held", Style.ROOT),)


def _shape(page: Page, number: int, shape: CycleShape) -> Iterator[str]:
    yield ""
    yield page.line(
        (f"{number}. ", Style.QUIET),
        (plural(shape.count, "cycle"), Style.NUMBER),
        f", {plural(shape.objects, 'object')}, {size(shape.size)}, ",
        *_state(shape),
    )
    members = [f"{member.type} {times(member.count)}".rstrip() for member in shape.members[:MOST_MEMBERS]]
    if len(shape.members) > MOST_MEMBERS:
        members.append(f"… {plural(len(shape.members) - MOST_MEMBERS, 'more type')}")
    for line in textwrap.wrap(
        ", ".join(members),
        page.width,
        initial_indent="   of ",
        subsequent_indent="      ",
        break_on_hyphens=False,
    ):
        yield page.line(line)
    if shape.hanging:
        told = f"{plural(shape.hanging, 'object')}, {size(shape.hanging_size)}"
        yield page.line("   keeps ", (told, Style.NUMBER), " beside them")
    if shape.finalizers:
        yield page.line("   ", (f"with __del__: {', '.join(shape.finalizers)}", Style.WARNING))
    yield from _way_round(page, shape.example, shape.omitted)
    yield from _weakenings(page, shape)


def _weakenings(page: Page, shape: CycleShape) -> Iterator[str]:
    """Yield what to make weak: `make Proto.conn weak: 0 of 257 left`, the best first."""
    for index, row in enumerate(shape.weakenings):
        what = " and ".join(row.references)
        done = f"make {what} weak" if row.how == "weak" else f"clear {what}"
        left = f"{count(row.left)} of {count(row.cycles)} left"
        if row.left:
            left += f" ({plural(row.left_objects, 'object')})"
        why = (
            ", it leads back" if row.back and not row.left and index == 0 < len(shape.weakenings) - 1 else ""
        )
        lead = "   " if index == 0 else "   or "
        style = Style.REFERENCE if index else Style.ROOT
        told = f"{lead}{done}: {left}{why}"
        if len(told) <= page.width:
            yield page.line(lead, (done, style), f": {left}{why}")
        else:
            # The end says what comes of it: that is not cut off.
            for line in textwrap.wrap(told, page.width, subsequent_indent="      ", break_on_hyphens=False):
                yield page.line((line, style))
        if row.note:
            yield page.line("      ", (row.note, Style.QUIET))
    if shape.note:
        yield note(page, shape.note, indent="   ")
    if shape.untried:
        kinds = "kind of reference was" if shape.untried == 1 else "kinds of references were"
        yield page.line("   ", (f"… {count(shape.untried)} {kinds} too many to try", Style.WARNING))


def _way_round(page: Page, steps: Sequence[Step], omitted: int) -> Iterator[str]:
    if not steps:
        return
    first, *others = steps
    yield page.line("   ╭ ", (first.type, Style.TYPE), "  ", first.form)
    hidden = len(steps) - MOST_STEPS
    for index, step in enumerate(others):
        if hidden > 0 and MOST_STEPS - LAST_STEPS - 1 <= index < len(others) - LAST_STEPS:
            if index == MOST_STEPS - LAST_STEPS - 1:
                yield left_out(page, len(others) - LAST_STEPS - index + omitted, "object", indent="   │ ")
            continue
        yield _step(page, "   │ ", step)
    back = f"back to {first.type}" if others else "itself"
    yield page.line("   ╰ ", (first.reference or "?", Style.REFERENCE), " → ", back)


def _step(page: Page, edge: str, step: Step) -> str:
    return page.line(
        edge, (step.reference or "?", Style.REFERENCE), " → ", (step.type, Style.TYPE), "  ", step.form
    )

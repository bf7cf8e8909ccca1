"""A judged path as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural
from pdbleak.render.clean import clean, columns, cut
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import fold, folded, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.why import JudgedStep, Why

VERDICTS = {"alive": Style.ROOT, "leaking": Style.WARNING, "unknown": Style.QUIET}
# Of the page, for the names of references.
WIDEST_PART = 3
UNDERLINE = "~"
LEAD = "    "
GAP = " → "


def why(value: Why, page: Page) -> Iterator[str]:
    """Yield the root and the steps down to the subject, each judged, the suspect references underlined."""
    if not value.steps:
        yield note(page, value.note or f"nothing holds {value.subject}")
        return
    whole = plural(len(value.steps) + value.omitted, "reference")
    of = f"{count(value.suspects)} of {whole}" if value.suspects else "no reference"
    yield page.line(
        (f"{value.handle}  " if value.handle else "", Style.NUMBER),
        (value.steps[-1].type, Style.TYPE),
        f"  {of} {'are' if value.suspects > 1 else 'is'} suspect",
        f", {plural(value.ignored, 'reference')} ignored" if value.ignored else "",
    )
    reason = f"  alive: {value.root_reason}" if value.root_reason else ""
    yield page.line(LEAD, value.root, (reason, Style.ROOT))
    first = "(local)" if value.root.startswith("local") else "(root)"
    references = [clean(step.reference or first) for step in value.steps]
    width = min(page.width // WIDEST_PART, max(map(columns, references)))
    for place, hidden in fold((step.reference, step.type, step.reason, step.suspect) for step in value.steps):
        yield from _step(page, value.steps[place], references[place], width)
        if hidden:
            yield folded(page, hidden, indent=LEAD)
    if value.alike:
        least = "at least " if value.at_least else ""
        others = f"{least}{count(value.alike)} of {count(value.population - 1)} others of its type"
        yield page.line((others, Style.NUMBER), " are held by the same references")
    if value.origin:
        yield page.line(f"allocated at {value.origin}")
    if value.note:
        yield note(page, value.note)
    if value.suspects:
        yield page.line(("leak ignore N shows a path without the reference of step N", Style.QUIET))


def _step(page: Page, step: JudgedStep, reference: str, width: int) -> Iterator[str]:
    """Yield a step, and below it what is thought of it."""
    reference = cut(reference, width)
    pad = " " * (width - columns(reference))
    yield page.line(
        (f"{step.number:>3} ", Style.QUIET),
        (reference, Style.REFERENCE),
        f"{pad}{GAP}",
        (step.type, Style.TYPE),
        f"  {step.form}",
    )
    if not step.suspect and not step.reason:
        return
    under = UNDERLINE * columns(reference) if step.suspect else ""
    thought = f"{step.verdict}: {step.reason}" if step.reason else ""
    blank = " " * (width + len(GAP) - columns(under)) if thought else ""
    yield page.line(LEAD, (under, Style.WARNING), blank, (thought, VERDICTS[step.verdict]))

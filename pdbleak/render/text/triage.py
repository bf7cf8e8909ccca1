"""The verdict as text, in one screen; knows no other form."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, duration, more_bytes, plural, size
from pdbleak.render.clean import clean
from pdbleak.render.page import Page, Style
from pdbleak.render.text.phrases import left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.finding import Awaited, Finding, Triage

INDENT = "   "
ALONE = 2
MOST_ALSO = 3
MOST_KEYS = 5


def triage(value: Triage, page: Page) -> Iterator[str]:
    """Yield the ledger's line, the findings, what may be one, and what was found fine."""
    yield from _ledger(value, page)
    for finding in value.findings:
        yield ""
        yield from _finding(page, finding, "#")
    if value.omitted:
        yield ""
        yield left_out(page, value.omitted, "finding", f"leak {len(value.findings) + value.omitted}")
    if not value.findings:
        yield page.line(("no leak found", Style.ROOT), *_why_not(value))
    if value.suspects:
        yield ""
        yield page.line(("not proven, but worth a look:", Style.WARNING))
    for finding in value.suspects:
        yield from _finding(page, finding, "?")
    if value.checked:
        yield ""
    for place, text in enumerate(value.checked):
        yield from _wrapped(page, text, "fine: " if place == 0 else "      ", "      ", Style.QUIET)


def _ledger(value: Triage, page: Page) -> Iterator[str]:
    since = ""
    if value.change is not None:
        since = f", {more_bytes(value.change) if value.change else 'unchanged'} in {duration(value.seconds)}"
    # Of a heap that an older pdbleak has saved it was not written down.
    rss = size(value.rss) if value.rss else "unknown"
    yield page.line((f"RSS {rss}", Style.TYPE), since, f"; {value.memory}" if value.memory else "")


def _why_not(value: Triage) -> tuple[str, ...]:
    if value.marks < ALONE:
        return (" by its state alone: there is no history yet",)
    return (f" in {plural(value.marks, 'mark')} over {duration(value.seconds)}",)


def _finding(page: Page, finding: Finding, sign: str) -> Iterator[str]:
    head = [(f"{sign}{finding.number} ", Style.NUMBER), (finding.type or finding.kind, Style.TYPE)]
    yield page.line(*head, f"  {_amount(finding)}", (_rates(finding), Style.WARNING))
    if finding.path:
        handle = f"{finding.handle}  " if finding.handle else ""
        yield from _wrapped(page, handle + finding.path, INDENT, INDENT * 2, Style.REFERENCE)
    yield from _wrapped(page, f"{finding.confidence}: {finding.basis}", INDENT, INDENT * 2, Style.PLAIN)
    if finding.frees_objects is not None and finding.frees_size is not None:
        yield page.line(
            INDENT, f"a cut frees {plural(finding.frees_objects, 'object')}, {size(finding.frees_size)}"
        )
    if len(finding.keys) > 1:
        others = ", ".join(finding.keys[1 : 1 + MOST_KEYS])
        more = " …" * (len(finding.keys) > 1 + MOST_KEYS)
        text = f"and so below {plural(len(finding.keys) - 1, 'more key')}, all counted here: {others}{more}"
        yield from _wrapped(page, text, INDENT, INDENT * 2, Style.QUIET)
    if finding.origin:
        yield page.line(INDENT, f"allocated at {finding.origin}")
    for other in finding.also[:MOST_ALSO]:
        yield from _wrapped(page, f"in step with it: {other}", INDENT, INDENT * 2, Style.QUIET)
    if finding.advice:
        yield from _wrapped(page, finding.advice, INDENT, INDENT * 2, Style.ROOT)
    if finding.link:
        yield page.whole(INDENT, (finding.link, Style.QUIET))
    if finding.then:
        yield page.whole(INDENT, (finding.then, Style.QUIET))


def _amount(finding: Finding) -> str:
    if not finding.count:
        return size(finding.size)
    return f"{count(finding.count)}, {size(finding.size)}"


def _rates(finding: Finding) -> str:
    rates = []
    if finding.count_rate:
        rates.append(f"{finding.count_rate:+,.0f}")
    if finding.size_rate:
        rates.append(more_bytes(round(finding.size_rate)))
    return f"  {', '.join(rates)} per minute" if rates else ""


def _wrapped(page: Page, text: str, first: str, later: str, style: Style) -> Iterator[str]:
    for line in textwrap.wrap(
        clean(text), page.width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    ):
        yield page.line((line, style))


def awaited(value: Awaited, page: Page) -> Iterator[str]:
    """Yield when the prompt comes back."""
    whole = duration(float(value.marks * value.seconds))
    yield page.line(
        (f"{plural(value.marks, 'mark')}, {value.seconds} s apart", Style.TYPE),
        f": the program goes on, the prompt is back in {whole}; Ctrl+C comes back at once",
    )

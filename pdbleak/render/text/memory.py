"""The memory ledger as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import duration, more_bytes, share, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import Column, number, table
from pdbleak.render.text.phrases import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.memory import Experiment, Memory
    from pdbleak.limits import Limit

UNKNOWN = "n/a"


def memory(value: Memory, page: Page) -> Iterator[str]:
    """Yield the verdict, the places of the RSS, the limits, and what was tried."""
    yield page.line((f"RSS {size(value.rss)}", Style.TYPE), *_verdict(value))
    compared = value.change is not None
    heads = [
        number("bytes", Style.NUMBER),
        *([number("new")] if compared else []),
        number("share", Style.QUIET),
    ]
    yield from table(
        page,
        [*heads, Column("where", flexible=True)],
        (
            (
                UNKNOWN if place.size is None else size(place.size),
                *([UNKNOWN if place.change is None else more_bytes(place.change)] if compared else []),
                "" if place.size is None else share(place.size, value.rss),
                place.name,
            )
            for place in value.places
        ),
    )
    if value.swapped:
        yield page.line(f"swapped out: {size(value.swapped)}")
    for limit in value.limits:
        yield _limit(page, limit)
    for each in value.experiments:
        yield from _experiment(page, each)
    for text in value.notes:
        yield note(page, text)


def _verdict(value: Memory) -> Iterator[str | tuple[str, Style]]:
    if value.change is None or value.seconds is None:
        if value.verdict:
            yield f", most of it {value.verdict}: {size(value.basis)}"
        return
    yield f", {more_bytes(value.change)} in {duration(value.seconds)}: "
    if value.verdict == "steady":
        yield ("no place grew", Style.ROOT)
    else:
        yield (f"{value.verdict} grew by {size(value.basis)}", Style.WARNING)


def _limit(page: Page, limit: Limit) -> str:
    tight = limit.left < limit.limit // 10
    return page.line(
        f"{limit.name}: ",
        (f"{size(limit.left)} left", Style.WARNING if tight else Style.PLAIN),
        f" of {size(limit.limit)}",
    )


def _experiment(page: Page, tried: Experiment) -> Iterator[str]:
    yield page.line(
        (tried.name, Style.TYPE),
        f": RSS {size(tried.rss_before)} → {size(tried.rss_after)} ",
        (f"({more_bytes(tried.rss_after - tried.rss_before)})", Style.NUMBER),
        f" in {duration(tried.seconds)}",
    )
    for place in tried.moved:
        yield page.line(f"   {more_bytes(place.change or 0)}  {place.name}")
    if tried.note:
        yield note(page, tried.note, indent="   ")

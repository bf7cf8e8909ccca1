"""A census, and growth, as text; knows no other form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, duration, more, more_bytes, plural, share, size
from pdbleak.render.page import Page, Style
from pdbleak.render.table import number, table, type_name
from pdbleak.render.text.phrases import left_out, note, nothing, population

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.census import Census
    from pdbleak.analyses.growth import Growth
    from pdbleak.analyses.retained_census import RetainedCensus

BASIS = "each by itself; types overlap: what a dict keeps, the dict's holder keeps too"


def census(value: Census, page: Page) -> Iterator[str]:
    """Yield the most common types: count, bytes, share of the measure they are sorted by."""
    if not value.objects:
        yield nothing(page, value.subject) if value.subject else page.line("no objects")
        return
    by_count = value.by == "count"
    yield page.line(
        (population(value.objects, value.subject), Style.TYPE), f", {size(value.size)}, by {value.by}"
    )
    heads = [
        number("count", Style.NUMBER if by_count else Style.PLAIN),
        number("bytes", Style.PLAIN if by_count else Style.NUMBER),
        number("share", Style.QUIET),
        type_name(),
    ]
    yield from table(
        page,
        heads,
        (
            (
                count(row.count),
                size(row.size),
                share(row.count, value.objects) if by_count else share(row.size, value.size),
                row.type,
            )
            for row in value.rows
        ),
    )
    if value.omitted:
        yield left_out(page, value.omitted, "type", "" if value.subject else _longer(value))


def retained_census(value: RetainedCensus, page: Page) -> Iterator[str]:
    """Yield the types that retain most, their share of the heap's bytes, and what the sum is made of."""
    yield page.line((population(value.objects, ""), Style.TYPE), f", {size(value.size)}, by retained")
    heads = [
        number("count"),
        number("bytes"),
        number("retained", Style.NUMBER),
        number("share", Style.QUIET),
        type_name(),
    ]
    rows = (
        (
            count(row.count),
            size(row.size),
            size(row.retained),
            share(row.retained, value.size),
            row.type,
        )
        for row in value.rows
    )
    yield from table(page, heads, rows)
    if value.omitted:
        longer = min(2 * len(value.rows), len(value.rows) + value.omitted)
        yield left_out(page, value.omitted, "type", f"leak types {longer} --by retained")
    yield note(page, BASIS)


def growth(value: Growth, page: Page) -> Iterator[str]:
    """Yield the types that grew since the last call, most new objects first."""
    since = "" if value.seconds is None else f" in the last {duration(value.seconds)}"
    if value.seconds is None:
        yield page.line(("the first look", Style.TYPE), ": growth is counted from now on")
    elif value.rows:
        yield page.line((f"{plural(len(value.rows) + value.omitted, 'type')} grew", Style.TYPE), since)
    else:
        yield page.line(f"no type grew{since}")
    heads = [number("new", Style.NUMBER), number("new bytes"), number("now"), number("bytes"), type_name()]
    if value.rows:
        yield from table(
            page,
            heads,
            (
                (
                    more(row.count_delta),
                    more_bytes(row.size_delta),
                    count(row.count),
                    size(row.size),
                    row.type,
                )
                for row in value.rows
            ),
        )
    if value.omitted:
        yield left_out(
            page, value.omitted, "type", f"leak growth {len(value.rows) + value.omitted} next time"
        )


def _longer(value: Census) -> str:
    by = "" if value.by == "count" else f" --by {value.by}"
    return f"leak types {min(2 * len(value.rows), len(value.rows) + value.omitted)}{by}"

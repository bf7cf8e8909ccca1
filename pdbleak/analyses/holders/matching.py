"""Which known causes a mark's merged paths show; a pure function of paths, knows no heap."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pdbleak.analyses.holders.known import Known, KnownHolder
from pdbleak.analyses.holders.table import KNOWN_HOLDERS
from pdbleak.analyses.mark import TOP
from pdbleak.analyses.state import sizes_below
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping, Sequence

    from pdbleak.analyses.mark import Mark, MarkRows

# Rows smaller than this are in no known cause's interest: their text is not made.
LEAST_COUNT = 50
LEAST_SIZE = 1 << 20
# What is kept together with the elements of a container tells what they are: an exception's traceback.
LEVELS_BELOW = 2


def explain(
    rows: MarkRows, elements: Iterable[int], children: Mapping[int, Sequence[int]]
) -> KnownHolder | None:
    """Return the known cause that keeps what stands in some rows, or None. O(causes x rows looked at).

    The paths to the rows themselves are looked at first, then those to what they keep: `children` of all
    rows, as `rows.children()` has them.
    """
    level = list(elements)
    for _ in range(LEVELS_BELOW + 1):
        for row in level:
            holder = _cause_of(rows.path(row).text)
            if holder is not None:
                return holder
        level = [child for row in level for child in children.get(row, ())]
    return None


def find_known(mark: Mark) -> tuple[Known, ...]:
    """Return the known causes that hold more than a healthy program's do, most bytes first. O(rows x causes).

    Of several rows that one cause explains the outermost counts: the others hang on it.
    """
    rows = mark.rows
    below = sizes_below(rows)
    found: dict[int, Known] = {}
    for row in range(len(rows)):
        if rows.count[row] < LEAST_COUNT and below[row] < LEAST_SIZE:
            continue
        path = rows.path(row)
        holder = _cause_of(path.text)
        if holder is None or _has_above(rows, row, found, holder):
            continue
        if rows.count[row] >= holder.least or below[row] >= holder.least_size:
            found[row] = Known(holder, row, path.text, rows.type[row], rows.count[row], below[row])
    return tuple(sorted(_one_each(found.values()), key=lambda known: -known.size))


def _one_each(found: Iterable[Known]) -> list[Known]:
    """Return of each cause and container the row with most bytes: keys and values are one finding."""
    best: dict[tuple[str, str], Known] = {}
    for known in found:
        place = known.holder.cause, known.path.rpartition(" → ")[0].rpartition(" ")[0]
        if place not in best or best[place].size < known.size:
            best[place] = known
    return list(best.values())


def _has_above(rows: MarkRows, row: int, found: dict[int, Known], holder: KnownHolder) -> bool:
    above = rows.above[row]
    while above != TOP:
        if above in found and found[above].holder is holder:
            return True
        above = rows.above[above]
    return False


@cache
def _patterns() -> Sequence[tuple[re.Pattern[str], KnownHolder]]:
    return [(compile_apart(holder.way), holder) for holder in KNOWN_HOLDERS]


def _cause_of(text: str) -> KnownHolder | None:
    return next((holder for pattern, holder in _patterns() if pattern.search(text)), None)

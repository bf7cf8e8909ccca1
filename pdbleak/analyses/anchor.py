"""Whether the oldest members of a place are still there: a leak keeps them, traffic does not; no heap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.mark import FOLDED, TOP

if TYPE_CHECKING:
    from pdbleak.analyses.series import Series

# Their elements are met in the order of their age, or against it. Of a set's they are not.
ORDERED = frozenset({
    *("list", "dict", "collections.deque", "collections.OrderedDict", "collections.defaultdict"),
    *("collections.Counter", "tuple"),
})  # fmt: skip


def keeps_oldest(series: Series, number: int, intervals: int) -> bool | None:
    """Tell whether the oldest member of a line was the same object in the last marks; None if nobody can.

    One end of the members stays the same where they are only added. An address that is used again would look
    the same, but hardly at the same end.
    """
    line = series.lines[number]
    if line.traits & FOLDED or line.above == TOP or series.lines[line.above].type not in ORDERED:
        return None
    ends = [pair for pair in line.ends[-intervals - 1 :] if any(pair)]
    if len(ends) < 2:  # noqa: PLR2004 - one look compares with nothing
        return None
    return any(len({pair[end] for pair in ends}) == 1 for end in (0, 1))

"""How one path went from mark to mark, in one word; a pure function of its numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pdbleak.analyses.trend import CONSTANT, GROWS, IRREGULAR, ONCE, SLOWED, SLOWS, STOPPED, find_trend
from pdbleak.analyses.trend import DRAINED as TREND_DRAINED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.trend import Trend

ONLY_GROWS = "only grows"
GREW = "grew"
NEW = "new path"
WARM_UP = "warm-up"
DRAINED = "drained"
CHURN = "churn"
NOISE = "noise"
STEADY = "steady"
GARBAGE = "cycle garbage"
C_HEAP = "C heap"
UNMET = "unmet objects"
HOLES = "allocator holes"
OF_TRENDS = {GROWS: ONLY_GROWS, STOPPED: WARM_UP, SLOWS: WARM_UP, TREND_DRAINED: DRAINED}
# The order in which they are worth reading.
ORDER = (ONLY_GROWS, NEW, GREW, GARBAGE, C_HEAP, UNMET, HOLES, WARM_UP, DRAINED, CHURN, NOISE, STEADY)
# Less than this is noise: objects, and bytes where their number stays.
LEAST_OBJECTS = 8
LEAST_BYTES = 1 << 16
# Fewer objects than these are not worth the word.
LEAST_CHURN = 100
# Up and down with less than this part of the way left in the end is churn.
MOST_LEFT = 0.5


def judge(
    times: Sequence[float], counts: Sequence[int], sizes: Sequence[int], fingerprints: Sequence[int]
) -> str:
    """Judge one path by its objects, bytes and fingerprints at some times. O(marks).

    A *new path* was not there before the last mark; what *only grows* rose to the end at a similar rate, in
    two intervals or more; what *grew* did so in the one there is, or at rates that say nothing. *Warm-up*
    rose and stopped, or falls off. What is *drained* left a tenth of its most. *Churn* is other objects, as
    many. The rest is *noise*, or *steady*.
    """
    swing, swing_size = max(counts) - min(counts), max(sizes) - min(sizes)
    if swing < LEAST_OBJECTS and swing_size < LEAST_BYTES:
        others = all(one != next_ for one, next_ in pairwise(fingerprints))
        if others and counts[-1] >= LEAST_CHURN:
            return CHURN
        return NOISE if swing or swing_size or others else STEADY
    if not any(counts[:-1]):
        return NEW
    values = counts if swing >= LEAST_OBJECTS else sizes
    return of_trend(find_trend(times, values), values)


def of_trend(trend: Trend, values: Sequence[float]) -> str:
    """Return the verdict on a number that changed, by its trend."""
    if trend.verdict in OF_TRENDS:
        return OF_TRENDS[trend.verdict]
    if trend.verdict == ONCE:
        return GREW if values[0] else NEW
    if trend.verdict == IRREGULAR:
        steps = [after - before for before, after in pairwise(values)]
        return WARM_UP if steps[-1] < SLOWED * max(steps) else GREW
    if trend.verdict == CONSTANT and values[-1] > values[0]:
        # A trend does not look at a program's start.
        return WARM_UP
    left = abs(values[-1] - values[0])
    return CHURN if left <= MOST_LEFT * (max(values) - min(values)) else NOISE

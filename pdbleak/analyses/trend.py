"""How a number went over time, in one word; knows not what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

GROWS = "grows"
ONCE = "grew once"
SLOWS = "slows down"
STOPPED = "stopped"
IRREGULAR = "rises irregularly"
WAVERS = "goes up and down"
DRAINED = "drained"
CONSTANT = "constant"
# What falls below this part of its earlier rate is warm-up; dips up to this part of the rise are jitter.
SLOWED = 0.35
MOST_DIP = 0.1
# From so many marks on the first third is not looked at: a program's start. With fewer, the first interval is
# not if it rose so many times faster than the rest.
WARM_UP_INTERVALS = 5
WARM_UP_RATE = 2.0
FEWEST = 3
# Rates are similar within this factor, and within so many square roots of what was counted.
SIMILAR = 2.2
NOISE = 2.0
# Of a rise at most this part may come in one of three and more intervals, unless that one is so long.
MOST_AT_ONCE = 0.75


@dataclass(frozen=True, slots=True)
class Trend:
    """The verdict on a series: `rise` in all that was looked at, in `seconds`; `intervals` of them."""

    verdict: str
    rise: float
    seconds: float
    intervals: int

    @property
    def per_minute(self) -> float:
        """The rise per minute."""
        return 60 * self.rise / self.seconds if self.seconds > 0 else 0.0


def find_trend(times: Sequence[float], values: Sequence[float]) -> Trend:
    """Judge a series. Rates are compared, not just ends: what still grows after two looks may be warm-up.

    `times` in seconds, as many as values. A leak rises to the last interval, at a similar rate. O(n).
    """
    skipped = _warm_up(times, values)
    times, values = times[skipped:], values[skipped:]
    intervals = len(values) - 1
    if intervals < 1:
        return Trend(CONSTANT, 0.0, 0.0, 0)
    rise, seconds = values[-1] - values[0], times[-1] - times[0]
    return Trend(_verdict(times, values, rise), rise, seconds, intervals)


def slowing(times: Sequence[float], values: Sequence[float]) -> tuple[float, float] | None:
    """Return the rates of the first and the second half, per second, if it slows down beyond chance.

    A cache that fills does, as ever less is new to it. None for other series, or less than three intervals.
    """
    if len(values) <= FEWEST or times[-1] <= times[0]:
        return None
    half = (times[-1] - times[0]) / 2
    middle = _at(times, values, times[0] + half)
    first, second = middle - values[0], values[-1] - middle
    if first - second <= NOISE * max(0.0, first + second) ** 0.5:
        return None
    return first / half, second / half


def _warm_up(times: Sequence[float], values: Sequence[float]) -> int:
    """Return how many marks at the beginning are not looked at."""
    if len(values) > WARM_UP_INTERVALS:
        return (len(values) - 1) // 3
    if len(values) <= FEWEST:
        return 0
    # Products in place of rates: two marks at one prompt have no time between them.
    first = (values[1] - values[0]) * (times[-1] - times[1])
    rest = max(0.0, values[-1] - values[1]) * (times[1] - times[0])
    return int(first > WARM_UP_RATE * rest)


def _verdict(  # noqa: PLR0911 - a rule each
    times: Sequence[float], values: Sequence[float], rise: float
) -> str:
    steps = [after - before for before, after in pairwise(values)]
    if rise <= 0:
        return _without_rise(values, steps)
    if len(steps) == 1:
        return ONCE
    if -sum(step for step in steps if step < 0) > MOST_DIP * rise:
        return WAVERS
    if steps[-1] <= 0:
        return STOPPED
    if len(steps) > 2 and _came_at_once(times, steps, rise):  # noqa: PLR2004 - three intervals
        return STOPPED if steps[-1] < max(steps) else WAVERS
    if sum(step > 0 for step in steps) < len(steps) - len(steps) // 5:
        return WAVERS
    if not _are_alike(times, steps):
        return IRREGULAR
    middle = _at(times, values, (times[0] + times[-1]) / 2)
    if values[-1] - middle < SLOWED * (middle - values[0]):
        return SLOWS
    return GROWS


def _came_at_once(times: Sequence[float], steps: Sequence[float], rise: float) -> bool:
    """Tell whether most of a rise came in one interval, and not because that one was long."""
    most = max(steps)
    at = steps.index(most)
    seconds = times[at + 1] - times[at]
    others = times[-1] - times[0] - seconds
    return most > MOST_AT_ONCE * rise and most * others > WARM_UP_RATE * (rise - most) * seconds


def _are_alike(times: Sequence[float], steps: Sequence[float]) -> bool:
    """Tell whether most intervals have a similar rate, as far as small numbers can be similar."""
    timed = [(step, end - start) for step, (start, end) in zip(steps, pairwise(times), strict=True)]
    # Of two marks at one prompt the program had no time between them.
    timed = [(step, length) for step, length in timed if length > 0]
    if not timed:
        return True
    usual = sorted(step / length for step, length in timed)[len(timed) // 2]
    alike = 0
    for step, length in timed:
        expected = usual * length
        noise = NOISE * max(step, expected) ** 0.5
        alike += expected / SIMILAR - noise <= step <= expected * SIMILAR + noise
    return alike >= len(timed) - len(timed) // 4


def _without_rise(values: Sequence[float], steps: Sequence[float]) -> str:
    if not any(steps):
        return CONSTANT
    return DRAINED if values[-1] <= MOST_DIP * max(values) else WAVERS


def _at(times: Sequence[float], values: Sequence[float], moment: float) -> float:
    """Return the value at a moment between two, by a straight line."""
    for (start, before), (end, after) in pairwise(zip(times, values, strict=True)):
        if moment <= end:
            return before + (after - before) * (moment - start) / (end - start) if end > start else after
    return values[-1]

"""Which containers only grow, by path; knows marks and no heap."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pdbleak.analyses.mark import FOLDED, TOP
from pdbleak.analyses.siblings import join_siblings
from pdbleak.analyses.trend import GROWS, IRREGULAR, NOISE, ONCE, Trend, find_trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.series import Line, Series

# Less than this is noise: objects, bytes where their number stays, references of containers.
LEAST_OBJECTS = 8
LEAST_BYTES = 1 << 16
LEAST_BATCH = 40
# Where containers become more, new ones have to be so many times fuller than the first ones were: then it is
# their content that grows, and not their number.
FULLER = 2.0
# Two places whose numbers rise in step within this part are one event.
IN_STEP = 0.05
# Two places keep pace if, in each of three and more intervals, the rise of one is the other's, scaled, within
# this factor and the noise of small numbers.
PACE = 1.4
MOST_COMPARED = 100
# Holders whose references rise by less than this part of what they hold have as many as before: objects that
# others hold as well were replaced by some that only they hold.
LENGTHENED = 0.5
# What is left of a finding without those inside of it must be this part of it, or it is theirs.
OWN_PART = 0.3


@dataclass(slots=True)
class Growing:
    """A place that grows: the line of the container (or of the object), and of what grows in it.

    `elements` are lines of what is new in it, most bytes first, empty where only its references or its own
    bytes rise. `counts` and `sizes` are by mark: of what is in it, with all that hangs on it. `in_step` are
    other places that rise together with it. `alike` are lines below other keys of the same dict: what they
    hold is among the elements, and counted. `paced`: its rates differ as those of one that grows; it is
    the traffic that differed, then, and its trend is growth.
    """

    line: int
    elements: list[int]
    trend: Trend
    counts: list[int]
    sizes: list[int]
    in_step: list[int] = field(default_factory=list)
    alike: list[int] = field(default_factory=list)
    paced: bool = False

    @property
    def bytes_risen(self) -> int:
        """How many bytes more there are at the end."""
        return self.sizes[-1] - self.sizes[0]


def find_growing(series: Series) -> list[Growing]:
    """Return the places that rise in every interval at a similar rate, most new bytes first. O(lines).

    A place is the container nearest to the root whose content rises more than it does itself: what hangs
    on its elements rises with them and is theirs.
    """
    if len(series.times) < 2:  # noqa: PLR2004 - one mark compares with nothing
        return []
    trends = [_trend(series, line) for line in series.lines]
    _forget_imports(series, trends)
    _forget_exchanged(series, trends)
    found: dict[int, Growing] = {}
    for number, line in enumerate(series.lines):
        if line.above == TOP:
            _add_root(series, found, number, trends)
        elif _rises(trends[number]) and not _follows(line, series.lines[line.above], trends[line.above]):
            holder = _holder(series, number)
            known = found.setdefault(holder, _empty(series, holder, trends[number]))
            known.elements.append(number)
        elif _grows_alone(series, line) is not None:
            trend = _grows_alone(series, line)
            assert trend is not None
            found.setdefault(number, _empty(series, number, trend))
    for each in found.values():
        _weigh(series, each)
    _leave_to_inner(series, found)
    places = [each for each in found.values() if _is_worth_it(each)]
    places = join_siblings(series, sorted(places, key=_rank))
    _pace(places)
    return _join_in_step(series, sorted(places, key=_rank))


def _rank(place: Growing) -> tuple[int, int, int]:
    return -place.bytes_risen, place.counts[0] - place.counts[-1], place.line


def _forget_imports(series: Series, trends: list[Trend]) -> None:
    """Let nothing rise, in the only interval, that belongs to modules which were imported meanwhile."""
    if len(series.times) > 2:  # noqa: PLR2004 - one interval
        return
    imported: set[int] = set()
    for number, line in enumerate(series.lines):
        new_module = line.above == TOP and not line.count[0] and line.reference.startswith("module ")
        if new_module or line.above in imported:
            imported.add(number)
            trends[number] = find_trend(series.times, [0] * len(series.times))


def _forget_exchanged(series: Series, trends: list[Trend]) -> None:
    """Let nothing rise that only took the place of something else in holders with no more references."""
    for number, line in enumerate(series.lines):
        if line.above == TOP or not _rises(trends[number]):
            continue
        above = series.lines[line.above]
        if (line.traits | above.traits) & FOLDED:
            # The members of one that repeats may hold each other.
            continue
        room = above.references[-trends[number].intervals - 1 :]
        if room[0] and max(room) - min(room) < LENGTHENED * trends[number].rise:
            trends[number] = find_trend(series.times, [0] * len(series.times))


def _trend(series: Series, line: Line) -> Trend:
    return find_trend(series.times, line.count)


def _rises(trend: Trend) -> bool:
    return trend.verdict in (GROWS, ONCE, IRREGULAR)


def _follows(line: Line, above: Line, trend: Trend) -> bool:
    """Tell whether a line only rises because more of those that hold it are there."""
    rise, above_rise = _risen(line.count), _risen(above.count)
    if above.count[-1] > 1 and above_rise < LEAST_OBJECTS and rise >= LEAST_BATCH:
        # A few new holders, too few to be told of, each with many: blocks of a queue, chunks of a table.
        return False
    if not _rises(trend) or not above.is_container or above.count[0] < LEAST_OBJECTS:
        # Of a few holders it cannot be told how full they were.
        return _rises(trend)
    return rise / max(1, above_rise) < FULLER * max(1.0, line.count[0] / above.count[0])


def _holder(series: Series, number: int) -> int:
    """Return the line to name for a rising one: its container; itself where a step repeats."""
    return series.lines[number].above


def _add_root(series: Series, found: dict[int, Growing], number: int, trends: Sequence[Trend]) -> None:
    """Add what rises and hangs on nothing: what C holds, and frames."""
    if _rises(trends[number]):
        found[number] = _empty(series, number, trends[number])
        found[number].elements.append(number)


def _grows_alone(series: Series, line: Line) -> Trend | None:
    """Return the trend of what rises without new members: a container's length, else an object's bytes."""
    steady = line.count[0] > 0 and line.count[-1] <= line.count[0]
    if not steady:
        return None
    if line.is_container:
        trend = find_trend(series.times, line.references)
        return trend if _rises(trend) and trend.rise >= LEAST_OBJECTS else None
    trend = find_trend(series.times, line.size)
    return trend if _rises(trend) and trend.rise >= LEAST_BYTES else None


def _empty(series: Series, number: int, trend: Trend) -> Growing:
    nothing = [0] * len(series.times)
    return Growing(number, [], trend, list(nothing), list(nothing))


def _weigh(series: Series, place: Growing) -> None:
    """Add up what is in a place, by mark."""
    holder = series.lines[place.line]
    place.elements.sort(key=lambda number: -_risen(series.lines[number].below_size))
    own = place.line not in place.elements
    for mark in range(len(series.times)):
        # Of keys and values that rise together the count is one's: of those that weigh most.
        place.counts[mark] = series.lines[place.elements[0]].count[mark] if place.elements else 0
        place.sizes[mark] = sum(series.lines[each].below_size[mark] for each in place.elements)
        if own and holder.is_container:
            # Its table; a record is as big without them.
            place.sizes[mark] += holder.size[mark]
    if not place.elements:
        place.counts = list(holder.references if holder.is_container else holder.count)
        place.sizes = list(holder.below_size if holder.is_container else holder.size)
    elif own:
        place.trend = find_trend(series.times, place.counts)


def _risen(values: Sequence[int]) -> int:
    return values[-1] - values[0]


def _leave_to_inner(series: Series, found: dict[int, Growing]) -> None:
    """Take from each place what places inside of it have; one that has little left then is no place."""
    for number in sorted(found, reverse=True):
        inner = found[number]
        above = series.lines[number].above
        while above != TOP:
            outer = found.get(above)
            if outer is not None and any(series.is_below(number, each) for each in outer.elements):
                before = outer.bytes_risen
                outer.sizes = [a - b for a, b in zip(outer.sizes, inner.sizes, strict=True)]
                if outer.bytes_risen < OWN_PART * before:
                    outer.sizes = [0] * len(outer.sizes)
                    outer.counts = [0] * len(outer.counts)
                break
            above = series.lines[above].above


def _is_worth_it(place: Growing) -> bool:
    """Tell a rise from noise, and from what is told of a place inside of this one."""
    if not any(place.counts) and not any(place.sizes):
        return False
    return place.trend.rise >= LEAST_OBJECTS or place.bytes_risen >= LEAST_BYTES


def _join_in_step(series: Series, places: list[Growing]) -> list[Growing]:
    """Join places whose numbers rise together in every interval: one event, held in several ways.

    Each is compared with the first `MOST_COMPARED` of those that are kept: nobody looks at more.
    """
    if len(series.times) < 3:  # noqa: PLR2004 - one interval may agree by chance
        return places
    kept: list[Growing] = []
    leading: list[tuple[list[int], Growing]] = []
    for place in places:
        steps = _steps(place.counts)
        twin = next((each for known, each in leading if _are_in_step(known, steps)), None)
        if twin is None:
            kept.append(place)
            if len(leading) < MOST_COMPARED:
                leading.append((steps, place))
        elif not series.is_below(place.line, twin.line):
            twin.in_step.append(place.line)
    return kept


def _pace(places: Sequence[Growing]) -> None:
    """Let what rises irregularly grow where it keeps pace with what grows: the traffic was uneven."""
    growing = [place for place in places if place.trend.verdict == GROWS][:MOST_COMPARED]
    for place in places:
        if place.trend.verdict != IRREGULAR or place.counts[-1] <= place.counts[0]:
            continue
        steps = _steps(place.counts)
        place.paced = len(steps) > 2 and any(  # noqa: PLR2004 - three intervals
            _keep_pace(_steps(other.counts), steps) for other in growing
        )
        if place.paced:
            place.trend = replace(place.trend, verdict=GROWS)


def _keep_pace(leading: Sequence[int], steps: Sequence[int]) -> bool:
    """Tell whether two series rise in proportion, as far as small numbers can."""
    if min(leading) <= 0 or min(steps) <= 0:
        return False
    scale = sum(steps) / sum(leading)
    for lead, step in zip(leading, steps, strict=True):
        expected = scale * lead
        # Both were counted, and small numbers are uneven by themselves.
        noise = NOISE * (max(step, expected) ** 0.5 + scale * lead**0.5)
        if not expected / PACE - noise <= step <= expected * PACE + noise:
            return False
    return True


def _steps(values: Sequence[int]) -> list[int]:
    return [after - before for before, after in pairwise(values)]


def _are_in_step(first: Sequence[int], second: Sequence[int]) -> bool:
    """Tell whether two series rise by the same numbers, or one by twice the other's: keys and values."""
    for factor in (1, 2, 0.5):
        if all(abs(a - factor * b) <= IN_STEP * max(abs(a), 1) for a, b in zip(first, second, strict=True)):
            return True
    return False

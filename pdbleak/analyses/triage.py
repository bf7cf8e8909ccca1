"""From marks and the state of the moment to ranked findings; a pure function, knows no heap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pdbleak.analyses.anchor import keeps_oldest
from pdbleak.analyses.beyond import NAMES, NEXT, find_beyond, is_worth_it
from pdbleak.analyses.causes import suspected_causes, with_causes
from pdbleak.analyses.finding import HIGH, LOW, MEDIUM, Finding
from pdbleak.analyses.growing import find_growing
from pdbleak.analyses.mark import TOP
from pdbleak.analyses.opaque import with_c_memory
from pdbleak.analyses.series import choose_marks, line_up, program_times
from pdbleak.analyses.siblings import keys_of
from pdbleak.analyses.state import find_large, is_collected, is_waiting_garbage
from pdbleak.analyses.trend import GROWS, IRREGULAR, find_trend, slowing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.beyond import Beyond
    from pdbleak.analyses.growing import Growing
    from pdbleak.analyses.mark import Mark
    from pdbleak.analyses.series import Series
    from pdbleak.analyses.state import State
    from pdbleak.analyses.zombies import Zombies

ENOUGH_INTERVALS = 2
SURE_INTERVALS = 3
# So many intervals in a row are no accident, even if the members are others each time.
CERTAIN_INTERVALS = 5
KEPT = "; the oldest are all still there"
ROTATES = "; the oldest were taken out meanwhile"
# Below this part of the growth, in objects and in bytes, a place is only a suspect.
LEAST_SHARE = 0.01
MOST_NAMED = 3
# Fewer objects and bytes than these take many intervals to accuse.
FEW = 40
FEW_BYTES = 1 << 16
WEAK = frozenset({"weakref", "weakref.ReferenceType", "weakref.KeyedRef", "weakref.WeakMethod"})
# A second half that is slower than the first by these parts is how a cache fills.
SLOWER = 0.75
MUCH_SLOWER = 0.5
# Objects that grow may well hold C memory: it is a finding of its own if it grows so many times more.
FAR_MORE = 4
AUTO = "leak auto 3 20"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A finding before the heap was asked about it; `row` is its holder's in the newest mark, -1 for none.

    `elements` are the rows of what grows there.
    """

    finding: Finding
    accuses: bool
    row: int = -1
    elements: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """All findings, the strongest first, and lines on what was checked and found fine."""

    ranked: tuple[Ranked, ...]
    checked: tuple[str, ...]


def rank(marks: Sequence[Mark], state: State) -> Ranking:
    """Judge what grew between marks, and the state of the moment; oldest mark first, the newest is now.

    Without history nothing is accused but what is known to leak. O(rows of nine marks).
    """
    chosen, times = choose_marks(marks)
    newest = chosen[-1]
    series = line_up(chosen, times)
    places = find_growing(series)
    whole = max(1, sum(max(0, each.bytes_risen) for each in places))
    found = with_causes(
        [_of_growth(series, newest, each, whole, state) for each in places], newest, state.known
    )
    python = sum(each.bytes_risen for each, one in zip(places, found, strict=True) if one.accuses)
    beyond = [each for each in find_beyond(chosen) if is_worth_it(each, chosen)]
    c_heap = next((each for each in beyond if each.name == "C heap"), None)
    told = with_c_memory(series, places, found, c_heap, state.opaque) if c_heap else None
    if told is not None and c_heap is not None:
        found = told
        beyond.remove(c_heap)
    found += _of_garbage(chosen, state)
    found += _of_beyond(beyond, python)
    found += _of_state(chosen, state, found)
    found.sort(key=lambda each: (not each.accuses, -_weight(each.finding)))
    return Ranking(tuple(found), tuple(_checked(chosen, series, places, state, found)))


def _weight(finding: Finding) -> float:
    """Return what findings are ordered by: bytes per minute, or bytes where there is no history."""
    grade = {HIGH: 1.0, MEDIUM: 0.5, LOW: 0.2}[finding.confidence]
    rate = finding.size_rate if finding.size_rate is not None else finding.size / 60
    return grade * max(rate, 100.0 * (finding.count_rate or 0.0))


def _of_growth(series: Series, newest: Mark, place: Growing, whole: int, state: State) -> Ranked:
    line = series.lines[place.line]
    first = series.lines[place.elements[0]] if place.elements else line
    shown = first if first.row >= 0 else line
    trend = place.trend
    share = max(0, place.bytes_risen) / whole
    oldest = keeps_oldest(series, place.elements[0], trend.intervals) if place.elements else True
    # A queue that is emptied too slowly rotates, too; but traffic seldom doubles in step.
    doubled = trend.rise > place.counts[-1] - trend.rise
    enough = ENOUGH_INTERVALS if oldest else CERTAIN_INTERVALS
    if oldest is None or (oldest is False and doubled):
        enough = SURE_INTERVALS
    rising = trend.verdict == GROWS and trend.intervals >= enough
    if trend.intervals < CERTAIN_INTERVALS and trend.rise < FEW and place.bytes_risen < FEW_BYTES:
        rising = False
    of_records = bool(place.elements) and not line.is_container and line.above != TOP
    if of_records and trend.intervals < CERTAIN_INTERVALS:
        # One attribute of each holder: where these come and go, so do their attributes.
        rising = rising and find_trend(series.times, line.references).verdict in (GROWS, IRREGULAR)
    # A weak reference holds nothing, and who keeps lists of them clears these now and then.
    rising = rising and first.type not in WEAK
    accuses = rising and (share >= LEAST_SHARE or trend.rise >= LEAST_SHARE * newest.objects)
    finished = [row for row in state.finished if row.type == first.type]
    sure = accuses and (trend.intervals >= SURE_INTERVALS or bool(finished))
    seconds = series.times[-1] - series.times[0]
    numbers = place.counts if place.elements or line.is_container else place.sizes
    judged = slice(-trend.intervals - 1, None)
    rates = slowing(series.times[judged], numbers[judged])
    slows = rates is not None and rates[1] < SLOWER * rates[0]
    if rates is not None and rates[1] < MUCH_SLOWER * rates[0] and trend.intervals >= CERTAIN_INTERVALS:
        accuses = False
    finding = Finding(
        number=0,
        kind="grows" if place.elements or line.is_container else "one object grows",
        type=first.type,
        path=newest.rows.path(shown.row).text if shown.row >= 0 else "",
        count=place.counts[-1],
        size=place.sizes[-1],
        count_rate=60 * (place.counts[-1] - place.counts[0]) / seconds,
        size_rate=60 * place.bytes_risen / seconds,
        confidence=HIGH if sure and accuses and not slows else MEDIUM if accuses else LOW,
        basis=_growth_basis(numbers, place, seconds, share, finished)
        + (f"; ever more slowly, {rates[0]:.3g} → {rates[1]:.3g} a second" if rates and slows else "")
        + (KEPT if oldest and place.elements else ROTATES if oldest is False else ""),
        also=tuple(
            newest.rows.path(series.lines[each].row).text
            for each in place.in_step
            if series.lines[each].row >= 0
        ),
        keys=keys_of(series, place),
        then=f"leak paths {first.type}" if accuses else AUTO,
    )
    rows = tuple(series.lines[each].row for each in place.elements if series.lines[each].row >= 0)
    return Ranked(finding, accuses, line.row, rows)


def _growth_basis(
    numbers: Sequence[int],
    place: Growing,
    seconds: float,
    share: float,
    finished: Sequence[Zombies],
) -> str:
    verdict, intervals = place.trend.verdict, place.trend.intervals
    went = f"{numbers[0]:,} → {numbers[-1]:,} in {seconds:.0f} s"
    how = _rose(1)
    if verdict == IRREGULAR:
        how = f"{_rose(intervals)}, at rates that differ"
    elif place.paced:
        how = f"only ever rose, in {intervals} intervals, as fast and as slowly as the other growth"
    elif verdict == GROWS:
        how = f"only ever rose, at a similar rate in {intervals} intervals"
    text = f"{how}: {went}"
    if share > LEAST_SHARE:
        text += f"; {100 * share:.0f}% of what grew"
    for row in finished:
        text += f"; {row.count:,} have finished ({row.state})"
    return text


def _of_garbage(marks: Sequence[Mark], state: State) -> list[Ranked]:
    newest = marks[-1]
    if not is_waiting_garbage(newest, collecting=state.collecting):
        return []
    if not state.collecting and is_collected(marks):
        return []
    types = sorted(newest.garbage, key=lambda name: -newest.garbage[name][1])
    trend = find_trend(program_times(marks), [float(mark.garbage_size) for mark in marks])
    why = "collections are on, and leave it" if state.collecting else "automatic collection is off"
    own = [name for name in types if name in state.own]
    telling = own or [name for name in types if name not in ("dict", "list", "tuple", "cell", "str", "int")]
    finding = Finding(
        number=0,
        kind="garbage in cycles",
        type=(telling or types)[0],
        path="nothing leads to it: cycles that wait for a collection",
        count=newest.garbage_count,
        size=newest.garbage_size,
        count_rate=None,
        size_rate=trend.per_minute if len(marks) > 1 else None,
        confidence=HIGH if not state.collecting else MEDIUM,
        basis=f"{why}: {100 * newest.garbage_size / max(1, newest.size):.0f}% of the heap is garbage; "
        f"{'the program has in it' if own else 'most of it'} {', '.join((own or types)[:MOST_NAMED])}",
        then="leak cycles",
    )
    return [Ranked(finding, accuses=True)]


def _rose(intervals: int) -> str:
    return f"rose in {intervals} intervals" if intervals > 1 else "rose in one interval, which may be warm-up"


def _of_beyond(beyond: Sequence[Beyond], python: int) -> list[Ranked]:
    """Accuse what grows beyond the objects; where objects grow by `python` bytes too, they come first."""
    found = []
    for place in beyond:
        rising = place.trend.verdict == GROWS and place.trend.intervals >= ENOUGH_INTERVALS
        accuses = rising and place.name != "holes" and place.trend.rise > FAR_MORE * python
        finding = Finding(
            number=0,
            kind=place.name,
            type=place.name,
            path="",
            count=0,
            size=place.size,
            count_rate=None,
            size_rate=place.trend.per_minute,
            confidence=MEDIUM if accuses else LOW,
            basis=f"{NAMES[place.name]}; it {_rose(place.trend.intervals)}",
            then=NEXT[place.name] if accuses else AUTO,
        )
        found.append(Ranked(finding, accuses))
    return found


def _of_state(marks: Sequence[Mark], state: State, found: Sequence[Ranked]) -> list[Ranked]:
    """Return what many finished objects, and one large container, make worth a look."""
    newest = marks[-1]
    named = {each.finding.type for each in found}
    more = []
    for row in state.finished:
        if row.type in named or (len(marks) > ENOUGH_INTERVALS and not _type_rises(marks, row.type)):
            continue
        finding = Finding(
            number=0,
            kind="finished",
            type=row.type,
            path=row.holder,
            count=row.count,
            size=row.retained,
            count_rate=None,
            size_rate=None,
            confidence=LOW,
            basis=f"they have finished ({row.state}), and are held all the same",
            handle=row.handle,
            then="leak zombies",
        )
        more.append(Ranked(finding, accuses=False))
    if len(marks) <= ENOUGH_INTERVALS:
        told = [each.finding for each in found]
        more += [Ranked(each, accuses=False) for each in suspected_causes(newest, state.known, told)]
    large = find_large(newest) if len(marks) <= ENOUGH_INTERVALS else None
    if large is not None and large.type not in named:
        finding = Finding(
            number=0,
            kind="large",
            type=large.type,
            path=newest.rows.path(large.row).text,
            count=large.elements,
            size=large.size,
            count_rate=None,
            size_rate=None,
            confidence=LOW,
            basis=f"one container holds {100 * large.share:.0f}% of the heap; large is not leaking",
            then=AUTO,
        )
        more.append(Ranked(finding, accuses=False, row=large.row))
    return more


def _type_rises(marks: Sequence[Mark], name: str) -> bool:
    counts = [mark.types.get(name, (0, 0))[0] for mark in marks]
    return find_trend(program_times(marks), counts).verdict == GROWS


def _checked(
    marks: Sequence[Mark],
    series: Series,
    places: Sequence[Growing],
    state: State,
    found: Sequence[Ranked],
) -> list[str]:
    """Return lines on what was looked at and gave no finding."""
    kinds = {each.finding.kind for each in found}
    newest = marks[-1]
    lines = []
    if len(marks) > 1:
        still = sum(1 for line in series.lines if line.above != TOP) - len(places)
        lines.append(f"{still:,} paths do not grow, or stopped, waver or only warmed up")
    if len(marks) > ENOUGH_INTERVALS:
        told = [each.finding for each in found]
        lines += [
            f"{each.path}: {each.count:,} objects that do not grow; {each.basis}"
            for each in suspected_causes(newest, state.known, told)[:MOST_NAMED]
        ]
    if "garbage in cycles" not in kinds:
        own = "" if state.collecting or not is_collected(marks) else ", which the program makes by itself"
        lines.append(f"garbage: {newest.garbage_count:,} objects wait for a collection{own}")
    if state.zombies is not None and not state.finished:
        lines.append(f"{state.zombies.judged:,} objects that can finish: few have, and are held")
    if len(marks) > 1:
        quiet = [each.name for each in find_beyond(marks) if each.name not in kinds]
        if quiet:
            lines.append(f"{', '.join(quiet)}: steady")
    return lines


def numbered(ranked: Sequence[Ranked]) -> list[Finding]:
    """Return the findings with their numbers, from 1."""
    return [replace(each.finding, number=place) for place, each in enumerate(ranked, 1)]

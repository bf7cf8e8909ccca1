"""The rows of several marks, lined up by their paths; judges nothing, knows no heap."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdbleak.analyses.alternating import join_alternating, join_running, join_unknown
from pdbleak.analyses.mark import CONTAINER, TOP

if TYPE_CHECKING:
    from collections.abc import Sequence

from pdbleak.analyses.mark import Mark

# More marks than these say nothing that these do not: they are chosen evenly over the time.
MOST_MARKS = 9
# Marks closer together than this part of the whole time are one.
NEAREST = 0.04
NEAREST_SECONDS = 0.2
# The name of the mark before the program's first line: what is imported after it is no growth.
START = "start"
ENOUGH = 2


@dataclass(slots=True)
class Line:
    """One path over time, by mark: members, their shallow bytes, their references; and with all below.

    `ends` are who the first and the last member are, (0, 0) where unknown.
    `above` is the line of the row above, TOP for a root; `row` the newest mark's row, -1 if it has none.
    """

    above: int
    reference: str
    type: str
    count: list[int]
    size: list[int]
    references: list[int]
    fingerprint: list[int]
    below_count: list[int]
    below_size: list[int]
    ends: list[tuple[int, int]]
    children: list[int] = field(default_factory=list)
    traits: int = 0
    row: int = -1

    @property
    def is_container(self) -> bool:
        """Whether the members are lists, dicts, sets and the like."""
        return bool(self.traits & CONTAINER)


@dataclass(frozen=True, slots=True)
class Series:
    """All paths of some marks; a line stands behind the one above it. `times` are monotonic seconds."""

    times: tuple[float, ...]
    lines: tuple[Line, ...]

    def is_below(self, line: int, above: int) -> bool:
        """Tell whether one line's path goes through another one's. O(depth)."""
        while line not in (TOP, above):
            line = self.lines[line].above
        return line == above


def choose_marks(marks: Sequence[Mark]) -> tuple[list[Mark], list[float]]:
    """Return at most `MOST_MARKS` marks and their times, spread evenly, the last one always among them."""
    if len(marks) > ENOUGH and marks[0].name == START:
        marks = marks[1:]
    times = program_times(marks)
    apart = [len(marks) - 1]
    for place in range(len(marks) - 2, -1, -1):
        if times[apart[-1]] - times[place] >= max(NEAREST * (times[-1] - times[0]), NEAREST_SECONDS):
            apart.append(place)
    apart.reverse()
    if len(apart) > MOST_MARKS:
        start, end = times[apart[0]], times[apart[-1]]
        wanted = [start + (end - start) * place / (MOST_MARKS - 1) for place in range(MOST_MARKS)]
        apart = sorted({min(apart, key=lambda place: abs(times[place] - moment)) for moment in wanted})
    return [marks[place] for place in apart], [times[place] for place in apart]


def line_up(marks: Sequence[Mark], times: Sequence[float]) -> Series:
    """Line up marks, oldest first. What a mark has no row for had at most its floor there. O(rows)."""
    lines: list[Line] = []
    known: dict[tuple[int, str, str], int] = {}
    seen: list[list[bool]] = []
    number = len(marks)
    for place, mark in enumerate(marks):
        rows = mark.rows
        line_of: list[int] = []
        for row in range(len(rows)):
            above = TOP if rows.above[row] == TOP else line_of[rows.above[row]]
            key = above, rows.reference[row], rows.type[row]
            line = known.get(key)
            if line is None:
                line = known[key] = len(lines)
                nobody = [(0, 0)] * number
                columns = ([0] * number, [0] * number, [0] * number, [0] * number, [0] * number, [0] * number)
                lines.append(Line(*key, *columns, nobody))
                seen.append([False] * number)
                if above != TOP:
                    lines[above].children.append(line)
            line_of.append(line)
            found = lines[line]
            seen[line][place] = True
            found.count[place] = rows.count[row]
            found.size[place] = rows.size[row]
            found.references[place] = rows.references[row]
            found.fingerprint[place] = rows.fingerprint[row]
            found.traits = rows.traits[row]
            if rows.ends:
                found.ends[place] = rows.ends[2 * row], rows.ends[2 * row + 1]
            if place == number - 1:
                found.row = row
    join_unknown(lines, seen)
    join_alternating(lines, seen)
    join_running(lines, seen)
    for found, present in zip(lines, seen, strict=True):
        _fill(found, present, marks)
    for found in reversed(lines):
        _add_below(found, lines)
    return Series(tuple(times), tuple(lines))


def program_times(marks: Sequence[Mark]) -> list[float]:
    """Return when each mark was taken, less the seconds for which the program stood still."""
    if all(mark.ran for mark in marks):
        return [mark.ran for mark in marks]
    times = []
    stood = 0.0
    for mark in marks:
        stood += mark.pause
        times.append(mark.taken - stood)
        stood += mark.cost
    return times


def _fill(line: Line, present: list[bool], marks: Sequence[Mark]) -> None:
    """Assume of what is not there as much as could have been left out, and never more than came after."""
    after = None
    for place in range(len(marks) - 1, -1, -1):
        if present[place]:
            after = place
        elif after is not None:
            line.count[place] = min(marks[place].floor_count, line.count[after])
            line.size[place] = min(marks[place].floor_size, line.size[after])


def _add_below(line: Line, lines: list[Line]) -> None:
    """Add a line's own to what is below it; its children were added before."""
    for place in range(len(line.count)):
        line.below_count[place] += line.count[place]
        line.below_size[place] += line.size[place]
        if line.above != TOP:
            lines[line.above].below_count[place] += line.below_count[place]
            lines[line.above].below_size[place] += line.below_size[place]

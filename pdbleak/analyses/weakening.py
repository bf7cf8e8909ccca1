"""Which references to make weak so that cycles are none any more; reads no name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak._native import stop, weaken
from pdbleak._native.ints import from_values
from pdbleak.analyses.reference_classes import classify, look_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pdbleak.analyses.reference_classes import ReferenceClass
    from pdbleak.heap import Heap

# What is tried for one shape: classes of references, and nodes and references walked for all of them.
MOST_CLASSES = 512
MOST_STEPS = 40_000_000
FEWEST_CLASSES = 4
MOST_TOGETHER = 3
MOST_JOINED = 8
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Weakening:
    """References to make weak, or to clear where nothing can be weak, and what is cyclic without them.

    `references` are their names: `Proto.conn`, more than one where only together they break the cycles;
    `count` is how many references these are, `left` of `cycles` cycles with `left_objects` objects stay.
    `back` tells that they lead back up: what they refer to is held by others. `note` is what to mind.
    """

    references: tuple[str, ...]
    how: str
    count: int
    left: int
    cycles: int
    left_objects: int
    back: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Weakenings:
    """The best ways to break some cycles, best first; `untried` kinds of references were too many to try.

    None that leaves all cycles with most of their objects is among the rows.
    """

    rows: tuple[Weakening, ...]
    tried: int
    untried: int


@dataclass(frozen=True, slots=True)
class _Tried:
    """One class, what is left without it, the share that leads back, and its referents for each reference."""

    number: int
    known: ReferenceClass
    back: float
    spread: float
    left: tuple[int, int]

    @property
    def rank(self) -> tuple[tuple[int, int], bool, float, float, str]:
        """The smaller the better: what is left, then what leads back up, from many to few."""
        return self.left, self.known.how != "weak", -self.back, self.spread, self.known.name


def find_weakenings(heap: Heap, component: memoryview, count: int, numbers: Sequence[int]) -> Weakenings:
    """Return which class of references to make weak in some of the components: each is left out once.

    A class is what one attribute of one type refers to. O(classes * references inside), within limits.
    """
    inside = look_inside(heap, component, count, numbers)
    found = classify(heap, inside)
    most = max(
        FEWEST_CLASSES, min(MOST_CLASSES, MOST_STEPS // (len(inside.members) + len(inside.targets) + 1))
    )
    # What is in fewer places than there are cycles cannot break all of them.
    order = sorted(found.classes, key=lambda each: (each.count < len(numbers), -each.count))[:most]
    table = [0] * (len(found.classes) + 1)
    for index, each in enumerate(order, 1):
        table[found.classes.index(each) + 1] = index
    class_of = weaken.assign(found.class_of, from_values(table, 4))

    def left_without(removed: Iterable[int]) -> tuple[int, int]:
        stop.keep_telling()
        marks = bytearray(len(order) + 1)
        for number in removed:
            marks[number] = 1
        return weaken.left_without(
            *(inside.offsets, inside.targets, inside.members, inside.component, inside.count),
            *(class_of, marks),
        )

    referents, firsts = weaken.count_traits(
        inside.offsets, inside.targets, inside.entries, class_of, len(order) + 1
    )
    tried = [
        _Tried(
            number=number,
            known=each,
            back=1 - firsts[number] / each.count,
            spread=referents[number] / each.count,
            left=left_without([number]),
        )
        for number, each in enumerate(order, 1)
    ]
    tried.sort(key=lambda each: each.rank)
    ways = [*_together(tried, left_without), *(([each], each.left) for each in tried)]
    enough = len(numbers), len(inside.members) // 2
    rows = tuple(_row(each, left, len(numbers)) for each, left in ways if left <= enough)
    return Weakenings(rows[:SHOWN], len(order), found.unnamed + len(found.classes) - len(order))


def _together(
    tried: Sequence[_Tried], left_without: Callable[[Iterable[int]], tuple[int, int]]
) -> Iterator[tuple[list[_Tried], tuple[int, int]]]:
    """Yield the classes that leave least together, adding the best one each time, if none leaves nothing."""
    if not tried or tried[0].left == (0, 0):
        return
    chosen = [tried[0]]
    left = tried[0].left
    while left[0] and len(chosen) < MOST_TOGETHER:
        tries = {
            each.number: left_without([*(known.number for known in chosen), each.number])
            for each in [each for each in tried if each not in chosen][:MOST_JOINED]
        }
        best = min(
            (each for each in tried if each.number in tries),
            key=lambda each: tries[each.number],
            default=None,
        )
        if best is None or tries[best.number] >= left:
            break
        chosen.append(best)
        left = tries[best.number]
    if len(chosen) > 1:
        yield chosen, left


def _row(chosen: Sequence[_Tried], left: tuple[int, int], cycles: int) -> Weakening:
    return Weakening(
        references=tuple(each.known.name for each in chosen),
        how=chosen[0].known.how,
        count=sum(each.known.count for each in chosen),
        left=left[0],
        cycles=cycles,
        left_objects=left[1],
        back=all(each.back == 1 for each in chosen),
        note=next((each.known.note for each in chosen if each.known.note), ""),
    )

"""A cut that was made: what was removed, and what really died, beside what was promised."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak._native import algorithms
from pdbleak._native.dying import AT_ONCE, LIVES_ON
from pdbleak.analyses.dying import EVER, MOST_COLLECTIONS
from pdbleak.analyses.fewest import judge
from pdbleak.analyses.removal import remove_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.analyses.cut import Plan
    from pdbleak.heap import Heap

# Held when this module is first loaded: the program may replace the name in gc later.
_collect = gc.collect


@dataclass(frozen=True, slots=True)
class Died:
    """One type: how many of its objects were promised to die, how many did, and their shallow bytes."""

    type: str
    promised: int
    died: int
    size: int


@dataclass(frozen=True, slots=True)
class Severed:
    """References that were removed, those that could not be, and what died.

    `promised` and `died` count objects, with their shallow bytes; where nothing was `collected`, of those
    that die at once, and `waiting` objects wait for a collection. `others` died that were not promised:
    finalizers and weak references' callbacks may do that, and other threads.
    """

    subject: str
    removed: tuple[str, ...]
    failed: tuple[str, ...]
    rows: tuple[Died, ...]
    promised: int
    promised_size: int
    died: int
    died_size: int
    others: int
    collected: bool
    waiting: int
    waiting_size: int
    note: str
    next: str


def obstacle_to(heap: Heap, plan: Plan) -> str:
    """Return why a planned cut cannot be made now, or an empty text. Looks at the live objects again."""
    held = judge(heap, list(plan.pairs))
    return next((each.reason for each in held if each.reason), "")


def not_severed(plan: Plan) -> Severed:
    """Return what it is when the answer was no."""
    note, after = "nothing was removed", f"leak chain {plan.cut.handle}"
    return Severed(
        plan.cut.subject,
        *((), (), ()),
        *(0, 0, 0, 0, 0),
        collected=False,
        waiting=0,
        waiting_size=0,
        note=note,
        next=after,
    )


def sever(heap: Heap, plan: Plan, capture: Callable[[], Heap], *, collect: bool) -> Severed:
    """Remove a plan's references, and count what died by a second capture. Runs finalizers.

    `heap` is the capture that the plan was made from; `capture` takes another one. O(V + E).
    """
    assert plan.deaths is not None
    places = [place for each in judge(heap, list(plan.pairs)) for place in each.places]
    removed, failed = remove_all({(id(p.owner), id(p.key)): p for p in places}.values())
    # Nothing of the program may be held by this frame when the dead are counted.
    del places
    rounds = 0
    while collect and rounds < MOST_COLLECTIONS and (_collect() or not rounds):
        rounds += 1
    after = capture()
    marks = plan.deaths.marks
    wanted = EVER if collect else AT_ONCE
    promised = heap.tally(wanted, marks=marks)
    alive = _still_there(heap, memoryview(algorithms.masked(marks, wanted)), after)
    rows = tuple(
        Died(name, count, count - alive.get(name, (0, 0))[0], size - alive.get(name, (0, 0))[1])
        for name, (count, size) in sorted(promised.items(), key=lambda item: (-item[1][0], item[0]))
    )
    later = heap.tally(EVER & ~AT_ONCE, marks=marks) if not collect else {}
    return Severed(
        subject=plan.cut.subject,
        removed=tuple(removed),
        failed=tuple(failed),
        rows=rows,
        promised=sum(row.promised for row in rows),
        promised_size=sum(size for _, size in promised.values()),
        died=sum(row.died for row in rows),
        died_size=sum(row.size for row in rows),
        others=_others(heap, marks, after),
        collected=collect,
        waiting=sum(count for count, _ in later.values()),
        waiting_size=sum(size for _, size in later.values()),
        note="" if removed else "nothing was removed",
        next="leak gc" if later else "leak types 20",
    )


def _still_there(before: Heap, marks: memoryview, after: Heap) -> dict[str, tuple[int, int]]:
    """Return the tally of marked nodes that have the same address and type afterwards."""
    kept: dict[str, tuple[int, int]] = {}
    for node in algorithms.common(before.addresses, marks, after.addresses):
        now = after.node_at(before.addresses[node])
        name = before.type_name(node)
        if now is not None and after.type_name(now) == name:
            count, size = kept.get(name, (0, 0))
            kept[name] = count + 1, size + before.size(node)
    return kept


def _others(before: Heap, marks: memoryview, after: Heap) -> int:
    """Count what was held by other objects and not promised to die, and is gone."""
    living = memoryview(algorithms.masked(marks, LIVES_ON))
    left = len(algorithms.common(before.addresses, living, after.addresses))
    return len(algorithms.positions(living)) - left

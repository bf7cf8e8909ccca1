"""What waits: threads, tasks, coroutines and generators, merged by where; judges none of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak.analyses.dominators import dominate
from pdbleak.analyses.retaining import retained_by, weigh
from pdbleak.analyses.threads import frames_of, held_only_by
from pdbleak.analyses.zombies import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.analyses.waits import Running, Waits, Where
    from pdbleak.heap import Heap

# A group of waiting code is suspect from this share of the heap's bytes on.
SUSPECT = 0.1
MANY = 10


@dataclass(frozen=True, slots=True)
class Waiters:
    """Threads, tasks, coroutines or generators that wait at one place.

    `place` is the innermost one that somebody wrote, `inside` the library's function below it, and `awaits`
    what that waits for. `retained` bytes in `retained_objects` would be freed without their local
    variables, exactly. `label` is a name or a range of names; `suspect` are those that keep much of the heap.
    """

    kind: str
    count: int
    function: str
    place: str
    inside: str
    awaits: str
    label: str
    retained: int
    retained_objects: int
    suspect: bool
    handle: str
    form: str


@dataclass(frozen=True, slots=True)
class WaitCensus:
    """All that waits, most retained bytes first; `omitted` groups are not. `size` is the heap's bytes."""

    rows: tuple[Waiters, ...]
    threads: int
    tasks: int
    coroutines: int
    generators: int
    size: int
    omitted: int
    next: str


@dataclass(slots=True)
class _Group:
    """What waits at one place: the nodes whose variables count, what to show, numbers in names."""

    nodes: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    threads: list[Running] = field(default_factory=list)


def find_waiting(
    heap: Heap,
    waits: Waits,
    *,
    limit: int = 20,
    form: Callable[[object], str] = names.form,
    bind: Callable[[object], str] | None = None,
) -> WaitCensus:
    """Weigh what waits in a heap, by the place where it waits.

    What a group retains is exact, by two walks for each group that is shown; which are shown goes by
    dominators. O(V + E) for each.
    """
    groups = {where: _Group(each.nodes, each.owners, each.numbers) for where, each in waits.suspended.items()}
    for thread in waits.threads:
        groups.setdefault(thread.where, _Group()).threads.append(thread)
    weights = dominate(heap).retained
    ranked = sorted(
        groups,
        key=lambda key: (not groups[key].threads, sum(weights[node] for node in groups[key].nodes)),
        reverse=True,
    )
    size = weigh(heap, bytes([1]) * heap.graph.nodes)[1]
    weighed = {key: _weigh(heap, groups[key]) for key in ranked[:limit]}
    order = sorted(weighed, key=lambda key: (-weighed[key][1], -len(groups[key].nodes), key))
    rows = tuple(_describe(heap, key, groups[key], weighed[key], size, form, bind) for key in order)
    return WaitCensus(
        rows=rows,
        threads=sum(len(group.threads) for group in groups.values()),
        tasks=_count(groups, "task"),
        coroutines=_count(groups, "coroutine"),
        generators=_count(groups, "generator") + _count(groups, "async generator"),
        size=size,
        omitted=max(0, len(ranked) - limit),
        next=_next(rows),
    )


def _next(rows: tuple[Waiters, ...]) -> str:
    held = [row for row in rows if row.handle]
    first = next((row for row in held if row.suspect), held[0] if held else None)
    return f"leak show {first.handle}" if first else "leak zombies"


def _count(groups: dict[Where, _Group], kind: str) -> int:
    return sum(len(group.nodes) for where, group in groups.items() if where.kind == kind)


def _weigh(heap: Heap, group: _Group) -> tuple[int, int]:
    """Return (objects, bytes) that would be freed without a group's local variables."""
    if not group.threads:
        return retained_by(heap, group.nodes)
    mine = held_only_by(heap, frames_of(heap, {thread.ident for thread in group.threads}))
    wall = set(mine)
    return retained_by(heap, mine, roots=[node for node in heap.roots if node not in wall])


def _describe(
    heap: Heap,
    key: Where,
    group: _Group,
    weight: tuple[int, int],
    size: int,
    form: Callable[[object], str],
    bind: Callable[[object], str] | None,
) -> Waiters:
    kind, function, place, inside, awaits = key
    objects, retained = weight
    oldest = min(range(len(group.numbers)), key=group.numbers.__getitem__) if group.numbers else 0
    owners = group.owners or [thread.node for thread in group.threads if thread.node >= 0]
    items = heap.resolve(owners[oldest : oldest + 1])
    item = next(iter(items.values()), None)
    return Waiters(
        kind=kind,
        count=len(group.nodes) or len(group.threads),
        function=function,
        place=place,
        inside=inside,
        awaits=awaits,
        label=_label(group),
        retained=retained,
        retained_objects=objects,
        suspect=not group.threads and len(group.nodes) >= MANY and retained > size * SUSPECT,
        handle=bind(item) if bind is not None and items else "",
        form=form(item) if items else "",
    )


def _label(group: _Group) -> str:
    """Return a thread's name, or the range of names that asyncio gave to tasks, oldest first."""
    if group.threads:
        more = len(group.threads) - 1
        return group.threads[0].name + (f" and {more:,} more" if more else "")
    numbers = [number for number in group.numbers if number]
    return span("Task-", numbers) if numbers else ""

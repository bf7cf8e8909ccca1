"""What waits: threads, tasks, coroutines and generators, merged by where; judges none of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import waiting_line
from pdbleak.analyses.dominators import dominate
from pdbleak.analyses.judging import rule_for
from pdbleak.analyses.kinds import classes_of, nodes_in, rows_below
from pdbleak.analyses.retaining import retained_by, weigh
from pdbleak.analyses.threads import find_threads, held_only_by
from pdbleak.analyses.waiting import inner_of, is_library, places_of, telling
from pdbleak.analyses.zombies import span, task_number
from pdbleak.names.attributes import attributes, read
from pdbleak.names.types import bases_of, is_c_type, type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.analyses.threads import Thread
    from pdbleak.analyses.waiting import Place
    from pdbleak.heap import Heap

KINDS = ("generator", "coroutine", "async_generator")
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


Key = tuple[str, str, str, str, str]


@dataclass(slots=True)
class _Group:
    """What waits at one place: the nodes whose variables count, what to show, numbers in names."""

    nodes: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)


def find_waiting(
    heap: Heap,
    *,
    limit: int = 20,
    form: Callable[[object], str] = names.form,
    bind: Callable[[object], str] | None = None,
) -> WaitCensus:
    """Group what is suspended by its function and the place where it waits.

    Inner coroutines belong to the outermost one that waits for them. What a group retains is exact, by
    two walks for each group that is shown; which are shown goes by dominators. O(V + E) for each.
    """
    groups: dict[Key, _Group] = {}
    for thread in find_threads(heap):
        # What the library and a launcher do before is the same in all threads.
        own = [place for place in thread.places if not is_library(place.file)]
        _, place, inside = _where(thread.places)
        key = (
            "daemon thread" if thread.daemon else "thread",
            _called((own or thread.places)[0]),
            place,
            inside,
            "",
        )
        groups.setdefault(key, _Group()).threads.append(thread)
    _add_suspended(heap, groups)
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


def _count(groups: dict[Key, _Group], kind: str) -> int:
    return sum(len(group.nodes) for key, group in groups.items() if key[0] == kind)


def _where(places: tuple[Place, ...] | list[Place]) -> tuple[str, str, str]:
    """Return (outermost function, the place that tells most, the library's function below it)."""
    place = telling(places)
    inside = places[-1].text if places[-1] is not place else ""
    return _called(places[0]), place.text, inside


def _called(place: Place) -> str:
    return f"{place.function}()"


def _add_suspended(heap: Heap, groups: dict[Key, _Group]) -> None:
    classes = classes_of(heap)
    suspended = heap.resolve(nodes_in(heap, rows_below(classes, *KINDS, in_c=True)))
    suspended = {node: item for node, item in suspended.items() if waiting_line(item) >= 0}
    inner = {id(inner_of(item)) for item in suspended.values()}
    tasks = heap.resolve(nodes_in(heap, rows_below(classes, "_asyncio.Task", "asyncio.tasks.Task")))
    coroutines = {id(item): node for node, item in suspended.items()}
    for node, task in tasks.items():
        coroutine = _coroutine_of(task)
        rule = rule_for(type(task))
        judged = rule(task) if rule else None
        inside = coroutines.pop(id(coroutine), None)
        if inside is None or (judged is not None and judged.verdict == "finished"):
            continue
        group = _add(groups, "task", coroutine, inside)
        group.owners.append(node)
        group.numbers.append(task_number(task))
    for node in coroutines.values():
        item = suspended[node]
        if id(item) not in inner:
            _add(groups, type_name(type(item)).replace("_", " "), item, node).owners.append(node)


def _add(groups: dict[Key, _Group], kind: str, item: object, node: int) -> _Group:
    places, awaited = places_of(item)
    awaits = "" if awaited is None else type_name(type(awaited))
    group = groups.setdefault((kind, *_where(places), awaits), _Group())
    group.nodes.append(node)
    return group


def _coroutine_of(task: object) -> Any:
    for base in bases_of(type(task)):
        if type_name(base) == "_asyncio.Task" and is_c_type(base):
            return read(task, base, "_coro")
    return next((value for name, value in attributes(task) if name == "_coro"), None)


def _weigh(heap: Heap, group: _Group) -> tuple[int, int]:
    """Return (objects, bytes) that would be freed without a group's local variables."""
    if not group.threads:
        return retained_by(heap, group.nodes)
    frames = frozenset[int]().union(*(thread.frames for thread in group.threads))
    mine = held_only_by(heap, frames)
    wall = set(mine)
    return retained_by(heap, mine, roots=[node for node in heap.roots if node not in wall])


def _describe(
    heap: Heap,
    key: Key,
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

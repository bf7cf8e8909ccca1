"""What waits, as facts: suspended code by where it waits, and the threads that run; weighs nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pdbleak._native import waiting_line
from pdbleak.analyses.judging import rule_for
from pdbleak.analyses.kinds import classes_of, nodes_in, rows_below
from pdbleak.analyses.threads import find_threads
from pdbleak.analyses.waiting import inner_of, is_library, places_of, telling
from pdbleak.analyses.zombies import task_number
from pdbleak.names.attributes import attributes, read
from pdbleak.names.types import bases_of, is_c_type, type_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.threads import Thread
    from pdbleak.analyses.waiting import Place
    from pdbleak.heap import Heap

KINDS = ("generator", "coroutine", "async_generator")


class Where(NamedTuple):
    """What waits where: the outermost `function`, the `place` that tells most, the library's `inside` it.

    `awaits` is the type of what the innermost one waits for.
    """

    kind: str
    function: str
    place: str
    inside: str
    awaits: str


@dataclass(slots=True)
class Suspended:
    """Code that waits at one place: the nodes whose variables count, who owns each, the tasks' numbers."""

    nodes: list[int] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Running:
    """A running thread: its identifier and name, its `threading.Thread`'s node or -1, where it is."""

    ident: int
    name: str
    node: int
    where: Where


@dataclass(frozen=True, slots=True)
class Waits:
    """All that waits in one heap."""

    suspended: dict[Where, Suspended]
    threads: tuple[Running, ...]


def gather_waits(heap: Heap) -> Waits:
    """Return what waits in a live heap; inner coroutines belong to the outermost one that waits. O(V)."""
    return Waits(_suspended(heap), tuple(_running(thread) for thread in find_threads(heap)))


def _running(thread: Thread) -> Running:
    # What the library and a launcher do before is the same in all threads.
    own = [place for place in thread.places if not is_library(place.file)]
    _, place, inside = _where(thread.places)
    kind = "daemon thread" if thread.daemon else "thread"
    where = Where(kind, _called((own or thread.places)[0]), place, inside, "")
    return Running(thread.ident, thread.name, thread.node, where)


def _where(places: Sequence[Place]) -> tuple[str, str, str]:
    place = telling(places)
    inside = places[-1].text if places[-1] is not place else ""
    return _called(places[0]), place.text, inside


def _called(place: Place) -> str:
    return f"{place.function}()"


def _suspended(heap: Heap) -> dict[Where, Suspended]:
    groups: dict[Where, Suspended] = {}
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
    return groups


def _add(groups: dict[Where, Suspended], kind: str, item: object, node: int) -> Suspended:
    places, awaited = places_of(item)
    awaits = "" if awaited is None else type_name(type(awaited))
    group = groups.setdefault(Where(kind, *_where(places), awaits), Suspended())
    group.nodes.append(node)
    return group


def _coroutine_of(task: object) -> Any:
    for base in bases_of(type(task)):
        if type_name(base) == "_asyncio.Task" and is_c_type(base):
            return read(task, base, "_coro")
    return next((value for name, value in attributes(task) if name == "_coro"), None)

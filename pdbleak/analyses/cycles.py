"""Cycles, grouped by their shape."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import algorithms, stop
from pdbleak.analyses.census import TypeCount, type_counts
from pdbleak.analyses.chain import Step, ends_of, follow, shorten
from pdbleak.analyses.reference_classes import CONTAINERS, MAPPINGS, nodes_in
from pdbleak.analyses.weakening import Weakening, find_weakenings
from pdbleak.heap import GARBAGE, MODULE, NAMESPACE, TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from pdbleak.heap import Heap

MOST_SHAPES = 10
LONGEST_SEARCH = 50_000
# Through these everything alive hangs together.
BARRIER = MODULE | NAMESPACE | TYPE
A_CLASS = "a class is always on a cycle of its own: no weak reference breaks it"
NEVER_WEAK = "lists, dicts, tuples and sets cannot be referred to weakly"
NOT_OURS = "no class of the program is on them"
NONE_CAN = "none of their references can be made weak"
NONE_BREAKS = "none of the references that were tried breaks them, nor do three together"


@dataclass(frozen=True, slots=True)
class CycleShape:
    """All cycles of one shape: how many, of how many objects and bytes in all, and one example's way round.

    `garbage` of the `count` cycles are unreachable and wait for a collection; the others are held.
    `members` are the types of one cycle; `finalizers` those of them with a `__del__`.
    `hanging` objects and `hanging_size` bytes beside them are kept by these cycles only: of garbage, all that
    they lead to; of held ones, what would die with them.
    `weakenings` are the best references to make weak; `untried` classes of references were not tried; where
    there is none, `note` may say why.
    The last step of `example` refers back to the first one by the first one's `reference`; `omitted`
    steps in the middle are left out, before the step whose reference is '…'.
    """

    count: int
    garbage: int
    objects: int
    size: int
    members: tuple[TypeCount, ...]
    finalizers: tuple[str, ...]
    example: tuple[Step, ...]
    omitted: int = 0
    hanging: int = 0
    hanging_size: int = 0
    weakenings: tuple[Weakening, ...] = ()
    untried: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cycles:
    """The shapes of all cycles, biggest in bytes first; `omitted` shapes are not shown."""

    subject: str
    rows: tuple[CycleShape, ...]
    cycles: int
    garbage: int
    omitted: int
    next: str


@dataclass(slots=True)
class _Shape:
    """A shape while cycles are counted: its components' numbers and what they hold."""

    components: list[int]
    garbage: int = 0
    objects: int = 0
    size: int = 0


def find_cycles(
    heap: Heap,
    *,
    subject: str = "",
    types: Iterable[str] | None = None,
    form: Callable[[object], str] = names.form,
) -> Cycles:
    """Group the strongly connected components by shape: all, or those with a member of some types.

    Modules, their namespaces and classes, through which everything alive hangs together, are left out
    unless they are garbage. Two cycles have one shape when the same types are in them. O(V + E), and as
    much again for each of the shapes described.
    """
    component, count = heap.graph.components(barrier=heap.marks(BARRIER, without=GARBAGE))
    first_members, all_members = algorithms.grouped(component, count)
    offsets, members = memoryview(first_members), memoryview(all_members)
    wanted = None if types is None else _containing(heap, component, types)
    shapes = _group(heap, component, count, offsets, members, wanted=wanted)
    order = sorted(shapes, key=lambda shape: (-shape.size, -shape.garbage))
    rows = tuple(
        _describe(heap, shape, component, offsets, members, frozenset(types or ()), form)
        for shape in order[:MOST_SHAPES]
    )
    program = heap.program_types
    first = next((member.type for row in rows for member in row.members if member.type in program), "")
    garbage = sum(shape.garbage for shape in shapes)
    return Cycles(
        subject=subject,
        rows=rows,
        cycles=sum(len(shape.components) for shape in shapes),
        garbage=garbage,
        omitted=len(shapes) - len(rows),
        next="leak gc" if garbage else f"leak chain {first}" if first else "leak types 20",
    )


def _containing(heap: Heap, component: memoryview, types: Iterable[str]) -> set[int]:
    return {component[node] for node in heap.nodes_of(types)} - {0}


def _group(
    heap: Heap,
    component: memoryview,
    count: int,
    offsets: memoryview,
    members: memoryview,
    *,
    wanted: set[int] | None,
) -> list[_Shape]:
    graph = heap.graph
    signatures, sizes = algorithms.signatures(
        graph.offsets, graph.targets, component, count, heap.type_of, heap.sizes
    )
    by_signature: dict[int, _Shape] = {}
    for number in range(1, count + 1) if wanted is None else sorted(wanted):
        shape = by_signature.setdefault(signatures[number - 1], _Shape([]))
        shape.components.append(number)
        shape.objects += offsets[number] - offsets[number - 1]
        shape.size += sizes[number - 1]
        shape.garbage += heap.has(members[offsets[number - 1]], GARBAGE)
    by_types: dict[frozenset[str], _Shape] = {}
    for shape in by_signature.values():
        stop.keep_telling()
        first = shape.components[0]
        inside = members[offsets[first - 1] : offsets[first]]
        # By name: a class that a function makes anew at every call is one to who reads.
        key = frozenset(heap.types[each] for each in set(map(heap.type_of.__getitem__, inside)))
        known = by_types.setdefault(key, shape)
        if known is not shape:
            known.components += shape.components
            known.garbage += shape.garbage
            known.objects += shape.objects
            known.size += shape.size
    return list(by_types.values())


def _describe(
    heap: Heap,
    shape: _Shape,
    component: memoryview,
    offsets: memoryview,
    members: memoryview,
    wanted: frozenset[str],
    form: Callable[[object], str],
) -> CycleShape:
    stop.keep_telling()
    # The smallest of them says most.
    number = min(shape.components[:100], key=lambda each: offsets[each] - offsets[each - 1])
    inside = members[offsets[number - 1] : offsets[number]].tolist()
    tally = heap.tally(1, marks=memoryview(algorithms.marked(heap.graph.nodes, inside)))
    program = heap.program_types
    path = _way_round(heap, inside, wanted or program)
    first, last = ends_of([*path, path[0]])
    kinds = dict(zip(map(heap.type_of.__getitem__, inside), inside, strict=True))
    found = heap.resolve({*first, *last, *kinds.values()})
    count = len(offsets) - 1
    every = nodes_in(component, count, shape.components)
    freed = heap.graph.retained_together(every, heap.roots)
    weakenings = find_weakenings(heap, component, count, shape.components)
    return CycleShape(
        count=len(shape.components),
        garbage=shape.garbage,
        objects=shape.objects,
        size=shape.size,
        # What somebody wrote first: a loop's or a logger's own objects may outnumber it.
        members=tuple(sorted(type_counts(tally), key=lambda row: row.type not in program)),
        finalizers=tuple(sorted(_finalizers(heap, found, kinds.values()))),
        example=_close(follow(heap, first, last, found, form)),
        omitted=len(path) + 1 - len(first) - len(last),
        hanging=len(freed) - shape.objects,
        hanging_size=heap.total_size(freed) - heap.total_size(every),
        weakenings=weakenings.rows,
        untried=weakenings.untried,
        note="" if weakenings.rows else _why_none(heap, weakenings.tried, kinds.values(), tally.keys()),
    )


def _why_none(heap: Heap, tried: int, nodes: Iterable[int], types: Collection[str]) -> str:
    """Return why there is no reference to make weak in a cycle with nodes of these types."""
    if any(heap.has(node, TYPE) for node in nodes):
        return A_CLASS
    if tried:
        return NONE_BREAKS
    if CONTAINERS | MAPPINGS | set(types) == CONTAINERS | MAPPINGS:
        return NEVER_WEAK
    return NOT_OURS if heap.program_types.isdisjoint(types) else NONE_CAN


def _finalizers(heap: Heap, found: dict[int, Any], nodes: Iterable[int]) -> set[str]:
    """Return the types among those of some nodes that have a `__del__`."""
    return {heap.type_name(node) for node in nodes if node in found and names.is_finalized(found[node])}


def _way_round(heap: Heap, inside: list[int], telling: frozenset[str]) -> list[int]:
    """Return a shortest way round through a telling member: one of the rarest of the `telling` types."""
    numbers = Counter(map(heap.type_of.__getitem__, inside))
    start = min(
        inside[:LONGEST_SEARCH],
        key=lambda node: (heap.type_name(node) not in telling, numbers[heap.type_of[node]], node),
    )
    # What leads from one member to another is a member, but for the barriers.
    allowed = set(inside).intersection(heap.graph.referents(start))
    ends = memoryview(algorithms.marked(heap.graph.nodes, allowed))
    way = heap.graph.path_from(ends, start, deferred=heap.marks(BARRIER, without=GARBAGE))
    return [start, *way[:-1]]


def _close(ring: list[Step]) -> tuple[Step, ...]:
    """Return the steps of a way round, the first one with the reference that closes it."""
    steps = shorten(ring)
    closing = steps[-1]
    return (closing, *steps[1:-1])

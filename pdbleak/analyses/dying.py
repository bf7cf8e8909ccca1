"""What dies once some references are removed: at once by reference counts, and with collections to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak._native import algorithms
from pdbleak._native.dying import AT_ONCE, FURTHER_COLLECTIONS, NEXT_COLLECTION, dying
from pdbleak._native.ints import from_values
from pdbleak.analyses.census import TypeCount, type_counts
from pdbleak.analyses.weak import weak_rules
from pdbleak.heap import IMMORTAL, ROOT
from pdbleak.names.types import all_classes, has_finalizer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.heap import Heap

MOST_COLLECTIONS = 8
EVER = AT_ONCE | NEXT_COLLECTION | FURTHER_COLLECTIONS
SUSPENDED = frozenset({"generator", "coroutine", "async_generator"})


@dataclass(frozen=True, slots=True)
class Deaths:
    """What dies: `marks` is a byte per node, when it does; objects and shallow bytes of each time.

    `finalizers` counts those whose `__del__` runs, `suspended` generators that are closed. `settled` is
    False where weak containers make work for more collections than were followed.
    """

    marks: memoryview
    at_once: TypeCount
    next_collection: TypeCount
    further_collections: TypeCount
    types: tuple[TypeCount, ...]
    finalizers: int
    suspended: int
    settled: bool

    def dies(self, node: int) -> bool:
        """Tell whether a node is among the dead."""
        return bool(self.marks[node] & EVER)

    @property
    def objects(self) -> int:
        """How many die in all."""
        return sum(row.count for row in self.types)

    @property
    def size(self) -> int:
        """Their shallow bytes."""
        return sum(row.size for row in self.types)


def deaths(heap: Heap, removed: Iterable[int]) -> Deaths:
    """Return what dies once references, by their places in the graph's targets, are removed. O(V + E)."""
    graph = heap.graph
    rules = weak_rules(heap) if heap.recall is None else []
    marks, settled = dying(
        graph.offsets,
        graph.targets,
        graph.back_offsets,
        heap.marks(ROOT | IMMORTAL),
        memoryview(from_values(sorted(removed), 4)),
        memoryview(from_values([trigger for trigger, _, _ in rules], 4)),
        memoryview(from_values([source for _, source, _ in rules], 4)),
        memoryview(from_values([place for _, _, place in rules], 4)),
        MOST_COLLECTIONS,
    )
    died = memoryview(marks)
    tallied = heap.tally(EVER, marks=died)
    return Deaths(
        marks=died,
        at_once=_sum(heap.tally(AT_ONCE, marks=died)),
        next_collection=_sum(heap.tally(NEXT_COLLECTION, marks=died)),
        further_collections=_sum(heap.tally(FURTHER_COLLECTIONS, marks=died)),
        types=type_counts(tallied),
        finalizers=_finalizers(heap, died),
        suspended=sum(tallied[name][0] for name in SUSPENDED & tallied.keys()),
        settled=settled,
    )


def _sum(tallied: dict[str, tuple[int, int]]) -> TypeCount:
    rows = tallied.values()
    return TypeCount("", sum(count for count, _ in rows), sum(size for _, size in rows))


def _finalizers(heap: Heap, marks: memoryview) -> int:
    """Count the dying objects that have a `__del__` written in Python. O(V)."""
    finalized = {id(cls) for cls in all_classes() if has_finalizer(cls)} if heap.recall is None else set()
    counts, _ = algorithms.tally(heap.type_of, heap.sizes, len(heap.types), marks, EVER)
    pairs = zip(heap.type_addresses, memoryview(counts), strict=True)
    return sum(count for address, count in pairs if address in finalized)

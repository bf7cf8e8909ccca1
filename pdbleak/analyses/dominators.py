"""What each object alone keeps alive: the dominators of a heap, taken once; knows no live object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdbleak._native import dominators as core
from pdbleak._native import subtrees
from pdbleak._native.ints import from_values
from pdbleak.heap import GARBAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak._native.algorithms import Array
    from pdbleak.heap import Heap


@dataclass(frozen=True, slots=True)
class Dominators:
    """The dominator tree of a heap, under a virtual root that stands for what is alive by itself.

    `parents[v]` is the immediate dominator: the nearest object through which every way from a root to v
    leads; `root`, the number of nodes, where that is none. `retained` and `objects` are bytes and count of
    what v dominates, itself included: exactly what no root would lead to without v. `order` has the
    virtual root first, and each node after its dominator.

    Garbage hangs on the root too: what nothing refers to, and of a cycle one node. What that retains is
    within the garbage, and depends on which node of a cycle it is: ask `Graph.retained` for garbage.
    """

    parents: memoryview
    order: memoryview
    retained: memoryview
    objects: memoryview
    _rows: list[tuple[memoryview, memoryview]] = field(default_factory=list)

    @property
    def root(self) -> int:
        """The virtual root's number."""
        return len(self.parents)

    @property
    def rows(self) -> tuple[memoryview, memoryview]:
        """Offsets and nodes: v dominates `nodes[offsets[v]:offsets[v + 1]]` immediately. O(V) once."""
        if not self._rows:
            offsets, nodes = subtrees.children(self.parents)
            self._rows.append((memoryview(offsets), memoryview(nodes)))
        return self._rows[0]

    def children(self, node: int) -> memoryview:
        """Return the nodes that a node dominates immediately; the rows are made with the first call."""
        offsets, nodes = self.rows
        return nodes[offsets[node] : offsets[node + 1]]

    def children_of(self, nodes: Array) -> memoryview:
        """Return the nodes that any of some nodes dominates immediately. O(children)."""
        return memoryview(subtrees.below(nodes, *self.rows))

    def outermost(self, nodes: Array) -> memoryview:
        """Return those of some nodes that none of the others dominates: what they retain adds up. O(V)."""
        return subtrees.outermost(self.parents, self.order, nodes)

    def heavier(self, nodes: Array, least: int) -> tuple[memoryview, memoryview]:
        """Return (nodes that retain at least so many bytes, the others). O(nodes)."""
        return subtrees.heavier(nodes, self.retained, least)

    def way_down(self, node: int, *, share: float) -> memoryview:
        """Return the nodes from a node down by the heaviest child, while it keeps that share. O(children)."""
        return memoryview(subtrees.follow(node, *self.rows, self.retained, share))

    def dominates(self, node: int) -> Callable[[int], bool]:
        """Return a test whether `node` dominates another one; all tests together are O(V)."""
        known = {node: True, self.root: False}

        def is_below(other: int) -> bool:
            way = []
            while other not in known:
                way.append(other)
                other = self.parents[other]
            known.update(dict.fromkeys(way, known[other]))
            return known[other]

        return is_below


def dominate(heap: Heap) -> Dominators:
    """Return the heap's dominators, taken once per capture. O(E log V), 20 bytes per object."""
    known = heap._cache.get("dominators")  # noqa: SLF001 - what is computed from a heap is kept with it
    if known is None:
        parents, order = heap.graph.dominators(heap.roots)
        retained, objects = core.retain(parents, order, heap.sizes, heap.large)
        known = Dominators(parents, order, memoryview(retained), memoryview(objects))
        heap._cache["dominators"] = known  # noqa: SLF001
    dominators: Dominators = known
    return dominators


def retained_by(heap: Heap, node: int) -> tuple[int, int]:
    """Return (bytes, objects) that would be unreachable without a node, itself included; exact.

    Looked up for what is alive; garbage is searched. O(1), or O(V + E) for garbage and the first time.
    """
    if heap.has(node, GARBAGE):
        freed = heap.graph.retained(node, heap.roots)
        return heap.total_size(freed), len(freed)
    dominators = dominate(heap)
    return dominators.retained[node], dominators.objects[node]


def kinds_of(heap: Heap) -> memoryview:
    """Return a number for every type, equal for types of one name: nobody could tell them apart."""
    first: dict[str, int] = {}
    return memoryview(from_values([first.setdefault(name, row) for row, name in enumerate(heap.types)], 4))


def retained_by_type(heap: Heap) -> dict[str, tuple[int, int]]:
    """Return {type: (bytes, objects)} that the type's instances dominate. O(V).

    An instance inside of what another one of its type retains is not counted again, so that each sum is
    what is dominated, never more than the heap. What only several instances together hold is in no sum.
    """
    dominators = dominate(heap)
    weights, counts = subtrees.by_kind(
        *dominators.rows, heap.type_of, kinds_of(heap), dominators.retained, dominators.objects
    )
    rows = zip(heap.types, memoryview(weights), memoryview(counts), strict=True)
    return {name: (size, count) for name, size, count in rows if count}

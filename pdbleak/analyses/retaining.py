"""How much would be freed with a set of objects, exactly; knows no live object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak._native import algorithms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak._native.algorithms import Array
    from pdbleak.heap import Heap


def retained_by(heap: Heap, nodes: Iterable[int], *, roots: Iterable[int] | None = None) -> tuple[int, int]:
    """Return (objects, bytes) that would be unreachable without a set of nodes, itself included. O(V + E).

    What the set leads to, less what the roots lead to without entering it: for a set that is not the
    sum over its members, who share. `roots` are those that stay, all of the heap's by default.
    """
    members = list(nodes)
    wall = bytearray(heap.graph.nodes)
    for node in members:
        wall[node] = 1
    alive = heap.graph.reach(heap.roots if roots is None else roots, blocked=wall)
    return weigh(heap, heap.graph.reach(members, blocked=alive))


def weigh(heap: Heap, marks: Array) -> tuple[int, int]:
    """Return (objects, bytes) of the marked nodes. O(V)."""
    counts, sizes = algorithms.tally(heap.type_of, heap.sizes, len(heap.types), marks, 1)
    large = sum(size - heap.sizes[node] for node, size in heap.large.items() if marks[node])
    return sum(memoryview(counts)), sum(memoryview(sizes)) + large

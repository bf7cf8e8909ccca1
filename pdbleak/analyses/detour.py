"""The heap without some references, so that a search finds another way; no object is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.heap import FRAME_HELD, MODULE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.heap import Heap

# In the place of a referrer: whatever holds the object from outside of the graph.
OUTSIDE = 0


def without(heap: Heap, ignored: Iterable[tuple[int, int]]) -> Heap:
    """Return the heap with the references between some (address, address) turned into self-references.

    With `OUTSIDE` as the first address, the second one is no root any more. What is gone since is passed
    over. O(V + E) for the copy, which is dropped after the search.
    """
    pairs = [(above, heap.node_at(below)) for above, below in ignored]
    graph = heap.graph
    targets, back_targets, flags = (
        bytearray(graph.targets),
        bytearray(graph.back_targets),
        bytearray(heap.flags),
    )
    below, above = memoryview(targets).cast("I"), memoryview(back_targets).cast("I")
    for address, node in pairs:
        holder = None if address == OUTSIDE else heap.node_at(address)
        if node is None:
            continue
        if holder is None:
            if address == OUTSIDE:
                flags[node] &= ~(FRAME_HELD | MODULE | ROOT)
            continue
        for place in range(graph.offsets[holder], graph.offsets[holder + 1]):
            if below[place] == node:
                below[place] = holder
        for place in range(graph.back_offsets[node], graph.back_offsets[node + 1]):
            if above[place] == holder:
                above[place] = node
    return replace(
        heap, graph=replace(graph, targets=below, back_targets=above), flags=memoryview(flags), _cache={}
    )

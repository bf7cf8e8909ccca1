"""The way back from a node to its live object, over what is alive now; follows no address of a capture.

Most nodes hang on a module or on a running frame by a few references: the way from there is walked again, and
each step must still be there. What cannot be reached so (garbage, what lies deep) is looked for in the
collector's lists.
"""

from __future__ import annotations

import gc
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pdbleak._native import capture, locals_at, referent_at, referents
from pdbleak._native.capture import FRAME_HELD, GARBAGE, MODULE, TRACKED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pdbleak.heap import Heap

# Held when this module is first loaded: the program may replace the name in gc later.
_get_objects = gc.get_objects

MOST_STEPS = 8192
MOST_REFERRERS = 64
# An object with more references is searched once for all that is wanted, after so many searches for one.
LARGE_ROW = 4096
MOST_SEARCHES = 4


def recover(heap: Heap, nodes: Iterable[int]) -> dict[int, Any]:
    """Return {node: live object}, without those that are gone since the capture.

    Each must be met at its address and still have its type. O(references near the nodes), and
    O(tracked objects) where some are not found that way.
    """
    wanted = set(nodes)
    found: dict[int, Any] = {}
    _follow_known(heap, wanted, found)
    missing = wanted - found.keys()
    if missing:
        _look_in_lists(heap, missing, found)
    missing = wanted - found.keys()
    if missing:
        _look_in_frames(heap, missing, found)
    return {node: found[node] for node in wanted if node in found}


def _follow_known(heap: Heap, wanted: Iterable[int], found: dict[int, Any]) -> None:
    """Find nodes below modules and running frames, as long as that does not take many steps."""
    modules = {id(module): module for module in list(sys.modules.values())}
    searches: dict[int, int] = {}
    left = MOST_STEPS

    def is_known(node: int) -> bool:
        if node not in found and heap.has(node, MODULE) and heap.addresses[node] in modules:
            _keep(heap, node, modules[heap.addresses[node]], found)
        elif node not in found and heap.has(node, FRAME_HELD):
            _look_in_frames(heap, {node}, found)
        return node in found

    for node in wanted:
        if left > 0 and not heap.has(node, GARBAGE):
            way, steps = _way_down(heap, node, is_known, most=left)
            left -= steps
            above = way[-2] if len(way) > 1 else node
            if above in found and len(heap.graph.referents(above)) > LARGE_ROW:
                searches[above] = searches.get(above, 0) + 1
                if searches[above] == MOST_SEARCHES:
                    _look_below(heap, above, wanted, found)
            _descend(heap, way, found)


def _look_below(heap: Heap, above: int, wanted: Iterable[int], found: dict[int, Any]) -> None:
    """Find all wanted nodes that an object found already refers to. O(its references)."""
    by_address = {heap.addresses[node]: node for node in wanted if node not in found}
    for item in referents(found[above]):
        node = by_address.get(id(item))
        if node is not None:
            _keep(heap, node, item, found)


def _look_in_lists(heap: Heap, wanted: set[int], found: dict[int, Any]) -> None:
    """Find nodes that the collector tracks, and others through a referrer. O(tracked objects)."""

    def is_tracked(node: int) -> bool:
        return heap.has(node, TRACKED)

    tracked = {node for node in wanted if heap.flags[node] & TRACKED}
    ways = [_way_down(heap, node, is_tracked, most=MOST_STEPS)[0] for node in wanted - tracked]
    order = sorted(tracked.union(way[0] for way in ways if way) - found.keys())
    items = capture.find([heap.addresses[node] for node in order], _get_objects)
    for node, item in zip(order, items, strict=True):
        if item is not None:
            _keep(heap, node, item, found)
    for way in ways:
        _descend(heap, way, found)


def _look_in_frames(heap: Heap, nodes: set[int], found: dict[int, Any]) -> None:
    """Find nodes that lie in local variables of running frames."""
    by_address = {heap.addresses[node]: node for node in nodes}
    for item in locals_at(set(by_address)):
        _keep(heap, by_address[id(item)], item, found)


def _keep(heap: Heap, node: int, item: object, found: dict[int, Any]) -> bool:
    """Note the object at a node's address, if it has the node's type."""
    if id(type(item)) != heap.type_addresses[heap.type_of[node]]:
        return False
    found[node] = item
    return True


def _way_down(heap: Heap, node: int, is_top: Callable[[int], bool], *, most: int) -> tuple[list[int], int]:
    """Return (the shortest path from a node that is a top, empty if none is near; how many steps it took)."""
    if is_top(node):
        return [node], 1
    below: dict[int, int] = {node: node}
    queue = [node]
    for current in queue:
        for above in heap.graph.referrers(current)[:MOST_REFERRERS]:
            if above in below:
                continue
            below[above] = current
            if is_top(above):
                way = [above]
                while way[-1] != node:
                    way.append(below[way[-1]])
                return way, len(below)
            queue.append(above)
        if len(queue) > most:
            break
    return [], len(below)


def _descend(heap: Heap, way: list[int], found: dict[int, Any]) -> None:
    """Find the objects on a way down from its top, each as a referent of the one above it."""
    for above, node in pairwise(way):
        if node in found:
            continue
        item = referent_at(found[above], heap.addresses[node]) if above in found else None
        if item is None or not _keep(heap, node, item, found):
            return

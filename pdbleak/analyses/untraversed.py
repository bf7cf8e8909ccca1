"""What holds objects without showing it to the collector: atexit, object arrays, the cache of lookups."""

from __future__ import annotations

import atexit
import sys
from typing import TYPE_CHECKING, Any

from pdbleak._native import atexit_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pdbleak.heap import Heap

ATEXIT = "atexit"
ARRAYS = "numpy object arrays"
# The interpreter's own: what it holds is no news to anybody.
LOOKUPS = "the cache of attribute lookups"
# Elements that are looked at; of bigger arrays the rest stays unexplained, and that is said.
MOST_ELEMENTS = 4_000_000


def untraversed_holders(heap: Heap) -> tuple[dict[str, dict[int, int]], bool]:
    """Return {holder: {node: references}} of what hides its references, and whether all was looked at.

    Runs no code of the program: numpy's own arrays are read by numpy's C code. O(elements).
    """
    held = {
        LOOKUPS: _count(heap, heap.looked_up),
        ATEXIT: _count(heap, atexit_held(atexit._ncallbacks())),  # noqa: SLF001 - what atexit has for tests
    }
    complete = True
    arrays = _object_arrays(heap)
    if arrays:
        left = MOST_ELEMENTS
        counted: dict[int, int] = {}
        for array in arrays:
            complete = complete and array.size <= left
            for node, references in _count(heap, _elements(array, left)).items():
                counted[node] = counted.get(node, 0) + references
            left = max(0, left - array.size)
        held[ARRAYS] = counted
    return {holder: nodes for holder, nodes in held.items() if nodes}, complete


def _count(heap: Heap, addresses: Iterable[int]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for address in addresses:
        node = heap.node_at(address)
        if node is not None:
            counted[node] = counted.get(node, 0) + 1
    return counted


def elements_of_arrays(heap: Heap, is_chosen: Callable[[int], bool]) -> int:
    """Return how many objects numpy's object arrays hold, of those that are chosen. O(arrays)."""
    return sum(array.size for array in _object_arrays(heap, is_chosen))


def _object_arrays(heap: Heap, is_chosen: Callable[[int], bool] = lambda _: True) -> list[Any]:
    """Return the live arrays of objects that own their elements; none where numpy is not loaded."""
    numpy = sys.modules.get("numpy")
    kind = vars(numpy).get("ndarray") if type(numpy) is type(sys) else None
    if type(kind) is not type:
        return []
    nodes = [
        node
        for node in heap.nodes_of([f"{kind.__module__}.{kind.__qualname__}"])
        if heap.type_addresses[heap.type_of[node]] == id(kind) and is_chosen(node)
    ]
    return [
        array for array in heap.resolve(nodes).values() if array.dtype.char == "O" and array.flags.owndata
    ]


def _elements(array: Any, most: int) -> Iterator[int]:
    for number, element in enumerate(array.flat):
        if number == most:
            return
        yield id(element)

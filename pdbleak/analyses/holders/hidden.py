"""Known causes that no reference shows: what atexit holds, and the arrays behind views of numpy."""

from __future__ import annotations

import atexit
import sys
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.holders.callbacks import AT_EXIT
from pdbleak.analyses.holders.known import Known
from pdbleak.analyses.holders.libraries import VIEWS

if TYPE_CHECKING:
    from pdbleak.heap import Heap

NO_ROW = -1
# Views that are looked at: the rest is estimated from them.
MOST_VIEWS = 20_000
# A view that shows less than this part of its array keeps what nobody looks at.
SMALL_PART = 0.25


def find_hidden(heap: Heap) -> tuple[Known, ...]:
    """Return the causes that are in no path, each with what it holds now. O(V + E) where numpy is loaded.

    Runs no code of the program: atexit's count and numpy's own attributes are read by C code.
    """
    found = []
    callbacks = atexit._ncallbacks()  # noqa: SLF001 - what atexit has for tests
    if callbacks:
        found.append(Known(AT_EXIT, NO_ROW, "callbacks at exit", "function", callbacks, 0))
    number, size = _unseen_arrays(heap)
    if number:
        found.append(Known(VIEWS, NO_ROW, "arrays behind views", "numpy.ndarray", number, size))
    return tuple(found)


def _unseen_arrays(heap: Heap) -> tuple[int, int]:
    """Return how many arrays are held only through small views of them, and their bytes."""
    numpy = sys.modules.get("numpy")
    kind = vars(numpy).get("ndarray") if type(numpy) is type(sys) else None
    if type(kind) is not type:
        return 0, 0
    nodes = [
        node
        for node in heap.nodes_of([f"{kind.__module__}.{kind.__qualname__}"])
        if heap.type_addresses[heap.type_of[node]] == id(kind)
    ]
    looked = nodes[:MOST_VIEWS]
    shown: dict[int, int] = {}
    whole: dict[int, int] = {}
    seen = set()
    views: list[Any] = list(heap.resolve(looked).values())
    for view in views:
        base = view.base
        seen.add(id(view))
        if type(base) is not kind:
            continue
        array: Any = base
        shown[id(array)] = shown.get(id(array), 0) + view.nbytes
        whole[id(array)] = array.nbytes
    # An array that the program holds as well is seen in the heap.
    hidden = [
        address
        for address, size in whole.items()
        if address not in seen and heap.node_at(address) is None and shown[address] < SMALL_PART * size
    ]
    part = len(nodes) / max(1, len(looked))
    return round(part * len(hidden)), round(part * sum(whole[address] for address in hidden))

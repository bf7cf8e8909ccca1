"""Live objects as a capture sees them, and programs in a process of their own; draws no graph."""

from __future__ import annotations

import ctypes
import gc
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pdbleak
from pdbleak.heap import GARBAGE, TRACKED

if TYPE_CHECKING:
    from pdbleak.heap import Heap

# Where this core was imported from: an installed one, most often.
ROOT = Path(pdbleak.__file__).parents[1]


class Node:
    """A plain instance, whose attributes lie inline."""


class Slotted:
    """An instance without a dict."""

    __slots__ = ("__weakref__", "left", "right")


def known(heap: Heap, item: object) -> int:
    """Return the node of an object that must have been captured."""
    node = heap.node_of(item)
    assert node is not None, f"not captured: {type(item)}"
    return node


def refers(heap: Heap, referrer: object, referent: object) -> int:
    """Return how often one captured object refers to another, the same in both directions."""
    above, below = known(heap, referrer), known(heap, referent)
    count = list(heap.graph.referents(above)).count(below)
    assert list(heap.graph.referrers(below)).count(above) == count
    return count


def flagged(heap: Heap, item: object, flag: int) -> bool:
    """Tell whether a captured object has a flag."""
    return heap.has(known(heap, item), flag)


def held_by(heap: Heap, item: object) -> set[tuple[str, str]]:
    """Return the (function, local) pairs of running frames that hold a captured object."""
    return {(frame.function, name) for frame, name in heap.holders(known(heap, item))}


def garbage(heap: Heap) -> set[int]:
    """Return the addresses of the tracked objects that a capture calls garbage."""
    return {
        heap.addresses[node]
        for node in range(heap.graph.nodes)
        if heap.flags[node] & GARBAGE and heap.flags[node] & TRACKED
    }


def leak_in_c(item: object) -> int:
    """Take one reference that nobody will give back; return the address."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(item))
    return id(item)


def give_back(address: int) -> None:
    """Give back what `leak_in_c` took."""
    ctypes.pythonapi.Py_DecRef(ctypes.cast(address, ctypes.py_object))


def tracked_ids() -> set[int]:
    """Return the addresses of all tracked objects."""
    return set(map(id, gc.get_objects()))


def run(program: str, *, seconds: float = 60) -> str:
    """Run a program on this core; return what it printed. Fails if it failed."""
    search = os.pathsep.join([str(ROOT), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-P", "-X", "faulthandler", "-c", textwrap.dedent(program)],
        env=os.environ | {"PYTHONPATH": search},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
    return done.stdout.strip()


def only(items: list[Any]) -> Any:
    """Return the single item of a list."""
    assert len(items) == 1, items
    return items[0]

"""What heapy and refcycle take for one question about a heap: SHAPE OBJECTS PEER, answers JSON.

Each in a process of its own: heapy materialises the dictionaries of all instances, and they stay; and what
one has freed the next one would fill without growing.
"""

from __future__ import annotations

import gc
import json
import sys
from typing import TYPE_CHECKING, Any

from capture_cost import forget_peak, resident, seconds
from command_cost import SUBJECTS
from heaps import build

if TYPE_CHECKING:
    from collections.abc import Callable


def with_refcycle() -> object:
    """Find the cycles."""
    import refcycle

    return refcycle.snapshot().strongly_connected_components()


def with_heapy(view: str, cls: type) -> str:
    """Partition all instances of a type, or for who retains what the heap, and print that."""
    import guppy

    hp = guppy.hpy()
    found = hp.heap() if view == "byrcs" else hp.heap() & hp.Type(cls)
    return str(getattr(found, view))


def measure(shape: str, objects: int, peer: str) -> dict[str, Any]:
    """Measure one answer from cold, without the import of the peer."""
    gc.disable()
    held = build(shape, objects)
    gc.collect()
    cls = next(type(item) for item in gc.get_objects() if type(item).__name__ == SUBJECTS[shape])
    call: Callable[[], object] = with_refcycle if peer == "refcycle" else lambda: with_heapy(peer, cls)
    __import__("refcycle" if peer == "refcycle" else "guppy")
    tells = forget_peak()
    before = resident("VmRSS")
    taken = seconds(call)
    added = resident("VmHWM") - before
    del held
    return {"taken": taken, "added": added if tells else None}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), sys.argv[3])))

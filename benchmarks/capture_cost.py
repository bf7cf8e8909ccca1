"""What one capture costs in time and memory; a program of its own: SHAPE OBJECTS ROUNDS, answers JSON."""

from __future__ import annotations

import gc
import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heaps import build

from pdbleak.heap import GARBAGE, MODULE, NAMESPACE, TYPE, take_capture

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.heap import Heap

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


def seconds(call: Callable[[], object]) -> float:
    """Return how much of the processor's time a call takes."""
    started = time.process_time()
    call()
    return time.process_time() - started


def resident(field: str) -> int:
    """Return VmRSS or VmHWM in bytes, 0 where the system does not tell."""
    try:
        lines = STATUS.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(field)), 0)


def forget_peak() -> bool:
    """Let VmHWM start again from what is resident now."""
    try:
        CLEAR.write_text("5")
    except OSError:
        return False
    return True


def find_cycles(heap: Heap) -> None:
    """Find every strongly connected component, as `leak cycles` does."""
    heap.graph.components(barrier=heap.marks(MODULE | NAMESPACE | TYPE, without=GARBAGE))


def measure(shape: str, objects: int, rounds: int) -> dict[str, Any]:
    """Measure the first collection and the first capture of a heap, then both in turn."""
    gc.disable()
    held = build(shape, objects)
    cold = seconds(gc.collect)
    tells = forget_peak()
    before = resident("VmRSS")
    started = time.process_time()
    heap = take_capture()
    first = time.process_time() - started
    peak = resident("VmHWM") - before
    kept = resident("VmRSS") - before
    nodes, references = heap.graph.nodes, heap.graph.references
    del heap
    left = resident("VmRSS") - before
    taken: dict[str, list[float]] = {"collect": [], "capture": [], "pause": [], "cycles": []}
    for _ in range(rounds):
        taken["collect"].append(seconds(gc.collect))
        started = time.process_time()
        heap = take_capture()
        taken["capture"].append(time.process_time() - started)
        taken["pause"].append(heap.pause)
        taken["cycles"].append(seconds(partial(find_cycles, heap)))
        del heap
    tracked = len(gc.get_objects())
    del held
    return {
        "nodes": nodes,
        "references": references,
        "tracked": tracked,
        "cold": cold,
        "first": first,
        "peak": peak if tells else None,
        "kept": kept,
        "left": left,
        **taken,
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))

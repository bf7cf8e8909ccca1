"""What a heap in a file costs; a program: `save SHAPE OBJECTS FILE` or `load FILE`, answers JSON."""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

from capture_cost import forget_peak, resident
from heaps import build

from pdbleak.heap import take_capture
from pdbleak.saved.reading import read_heap
from pdbleak.saved.writing import write_heap


def save(shape: str, objects: int, file: str) -> dict[str, Any]:
    """Capture a heap and save it; `peak` and `left` are bytes that the process has more than before."""
    gc.disable()
    held = build(shape, objects)
    gc.collect()
    tells = forget_peak()
    before = resident("VmRSS")
    heap = take_capture()
    started = time.process_time()
    write_heap(heap, file)
    taken = time.process_time() - started
    peak = resident("VmHWM") - before
    nodes, references = heap.graph.nodes, heap.graph.references
    del heap
    left = resident("VmRSS") - before
    del held
    return {
        "nodes": nodes,
        "references": references,
        "bytes": Path(file).stat().st_size,
        "taken": taken,
        "peak": peak if tells else None,
        "left": left,
    }


def load(file: str) -> dict[str, Any]:
    """Load a saved heap: everything is read and checked, and the other direction of the references made."""
    gc.collect()
    tells = forget_peak()
    before = resident("VmRSS")
    started = time.process_time()
    heap, _ = read_heap(file)
    taken = time.process_time() - started
    return {
        "nodes": heap.graph.nodes,
        "taken": taken,
        "peak": resident("VmHWM") - before if tells else None,
        "kept": resident("VmRSS") - before,
    }


if __name__ == "__main__":
    step, *arguments = sys.argv[1:]
    found = load(*arguments) if step == "load" else save(arguments[0], int(arguments[1]), arguments[2])
    print(json.dumps(found))

"""What keeps an object alive by itself, in words; the one place that says so."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

from pdbleak.heap import IMMORTAL, MODULE, NAMESPACE, ROOT, TYPE

if TYPE_CHECKING:
    from pdbleak.heap import Heap


def describe_root(heap: Heap, node: int) -> str:
    """Return `root: module`, `root: local 'conn' of serve()`, `root: held by C`, or an empty text.

    The module's own name is not part of a capture. O(1).
    """
    if heap.has(node, MODULE):
        return "root: module"
    if heap.has(node, NAMESPACE):
        # A module's frame holds its names, too; the module says whose they are.
        return ""
    held = {
        (f"local {local!r} of " if local else "running ")
        + _place(frame.function, frame.file, frame.line): None
        for frame, local in heap.holders(node)
    }
    if held:
        first, *others = held
        return f"root: {first}" + (f" and {len(others)} more" if others else "")
    if heap.has(node, ROOT):
        return "root: immortal" if heap.has(node, IMMORTAL) else "root: held by C"
    return ""


def ends_search(heap: Heap, node: int, *, upward: bool) -> bool:
    """Tell whether what lies beyond a node would say nothing: modules and classes lead everywhere."""
    return heap.has(node, MODULE | TYPE) or (not upward and heap.has(node, IMMORTAL))


def _place(function: str, file: str, line: int) -> str:
    return f"{function}() at {os.path.basename(file)}:{line}"  # noqa: PTH119 - pathlib is not loaded for it

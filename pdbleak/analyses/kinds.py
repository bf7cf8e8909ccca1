"""Which of the heap's types inherit from which class, and their nodes; keeps no class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak._native import algorithms
from pdbleak.heap import GARBAGE
from pdbleak.names.types import all_classes, bases_of, is_c_type, type_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.heap import Heap

Rows = dict[int, type]


def classes_of(heap: Heap) -> Rows:
    """Return {row of `heap.types`: its class}, without classes that are gone. O(classes)."""
    classes = {id(cls): cls for cls in all_classes()}
    return {row: classes[address] for row, address in enumerate(heap.type_addresses) if address in classes}


def rows_below(rows: Rows, *names: str, in_c: bool = False) -> list[int]:
    """Return the rows whose class is one of the named ones or inherits from it. O(classes).

    With `in_c` only a class that C made counts: another one's name may be anything.
    """
    wanted = frozenset(names)
    return [
        row
        for row, cls in rows.items()
        if any(type_name(base) in wanted and (not in_c or is_c_type(base)) for base in bases_of(cls))
    ]


def nodes_in(heap: Heap, rows: Iterable[int], *, garbage: bool = False) -> list[int]:
    """Return the nodes of some rows of `heap.types`; those that are garbage only if wanted. O(V)."""
    wanted = bytearray(len(heap.types))
    for row in rows:
        wanted[row] = 1
    nodes: list[int] = memoryview(algorithms.select(heap.type_of, wanted)).tolist()
    return nodes if garbage else [node for node in nodes if not heap.flags[node] & GARBAGE]

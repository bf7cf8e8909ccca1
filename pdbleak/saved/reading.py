"""A file to a heap: every number is checked before an algorithm may use it as an index; knows no command."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pdbleak._native import algorithms
from pdbleak._native.columns import all_below, are_complements, codes_known, count_of, offsets_of, rises
from pdbleak.graph import Graph
from pdbleak.heap import GARBAGE, LARGE, ON_STACK, OWNED_BY_FRAME, Frame, Heap
from pdbleak.saved.container import BadFileError, Reader
from pdbleak.saved.orphancolumns import read_unowned
from pdbleak.saved.recall import Recall, Texts, harmless
from pdbleak.saved.waitcolumns import read_waits

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.saved.recall import Verdict

MOST_NODES = 0xFFFFFFF0
MOST_LOCALS = 1 << 24


def read_heap(path: str, *, tell: Callable[[str], None] = lambda _: None) -> tuple[Heap, dict[str, Any]]:
    """Return the heap of a file, and the facts about it.

    Raises BadFileError for a file that is none, is damaged or does not fit together, and OSError.
    `tell` hears what is being read. O(file); both directions of the references are made again.
    """
    reader = open_file(path)
    return _read(reader, tell), reader.facts


def open_file(path: str) -> Reader:
    """Return the reader of a file. Raises BadFileError for a file that is none, and OSError."""
    import mmap  # noqa: PLC0415 - who writes a file does not need it

    with open(os.path.expanduser(path), "rb") as file:  # noqa: PTH111, PTH123
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:
            raise BadFileError("it is empty") from None
    # It is closed when nothing of it is looked at any more: an error may still hold a part.
    return Reader(memoryview(data))


def _read(reader: Reader, tell: Callable[[str], None]) -> Heap:
    nodes, references = (_number(reader.facts, key) for key in ("nodes", "references"))
    _refuse_too_big(reader)
    tell("references")
    graph = _graph(reader, nodes, references)
    tell("objects")
    texts = _type_texts(reader)
    frames = _frames(reader)
    columns = {
        name: memoryview(reader.read(name, width, nodes))
        for name, width in (("types", 4), ("sizes", 4), ("addresses", 8), ("flags", 1), ("unexplained", 4))
    }
    _check(all_below(columns["types"], len(texts)), "a type that is none")
    _check(rises(columns["addresses"]), "addresses out of order")
    tell("names")
    heap = Heap(
        graph=graph,
        types=tuple(name for name, _, _, _ in texts),
        type_modules=tuple(module for _, module, _, _ in texts),
        type_addresses=tuple(address for _, _, address, _ in texts),
        type_of=columns["types"],
        sizes=columns["sizes"],
        large=_large(reader, columns["sizes"]),
        addresses=columns["addresses"],
        flags=columns["flags"],
        unexplained=columns["unexplained"],
        frames=frames,
        frame_roots=_frame_roots(reader, nodes, frames),
        pause=_float(reader.facts, "pause"),
        taken=time.monotonic(),
        unseen=_number(reader.facts, "unseen"),
        dead=_number(reader.facts, "dead"),
    )
    _check_flags(heap)
    finalized = frozenset(kind for kind, (_, _, _, has_one) in enumerate(texts) if has_one)
    return replace(heap, recall=_recall(reader, heap, finalized))


def _graph(reader: Reader, nodes: int, references: int) -> Graph:
    _check(max(nodes, references) <= MOST_NODES, "more than it can hold")
    try:
        offsets = offsets_of(reader.read("degrees", 4, nodes), references)
    except ValueError as error:
        raise BadFileError(f"it has {error}") from None
    targets = reader.read("targets", 4, references)
    _check(all_below(targets, nodes), "a reference to nowhere")
    back_offsets, back_targets = algorithms.reverse(offsets, targets)
    return Graph(memoryview(offsets), memoryview(targets), memoryview(back_offsets), memoryview(back_targets))


def _type_texts(reader: Reader) -> list[tuple[str, str, int, bool]]:
    rows = reader.read_json("type_texts")
    _check(isinstance(rows, list), "no types")
    for row in rows:
        _check(
            isinstance(row, list) and [type(each) for each in row] == [str, str, int, bool],
            "a type that is none",
        )
        _check(0 <= row[2] < 1 << 64, "a type that is none")
    return [(harmless(name), harmless(module), address, has_one) for name, module, address, has_one in rows]


def _frames(reader: Reader) -> tuple[Frame, ...]:
    rows = reader.read_json("frames")
    _check(isinstance(rows, list), "no frames")
    for row in rows:
        _check(
            isinstance(row, list) and [type(each) for each in row] == [int, str, str, int, list],
            "a bad frame",
        )
        _check(all(type(name) is str for name in row[4]), "a bad frame")
    return tuple(
        Frame(thread, harmless(function), harmless(file), line, tuple(map(harmless, names)))
        for thread, function, file, line, names in rows
    )


def _frame_roots(
    reader: Reader, nodes: int, frames: tuple[Frame, ...]
) -> tuple[memoryview, memoryview, memoryview]:
    held = memoryview(reader.read("root_nodes", 4))
    holders = memoryview(reader.read("root_frames", 4, len(held)))
    places = memoryview(reader.read("root_locals", 4, len(held)))
    _check(len(held) <= MOST_LOCALS, "too many local variables")
    _check(all_below(held, nodes) and all_below(holders, len(frames)), "a frame that holds nothing")
    for frame, place in zip(holders, places, strict=True):
        known = place in (OWNED_BY_FRAME, ON_STACK) or place < len(frames[frame].locals)
        _check(known, "a local variable that is none")
    return held, holders, places


def _large(reader: Reader, sizes: memoryview) -> dict[int, int]:
    """Return the sizes that do not fit into the column: of exactly the nodes that it says."""
    rows = reader.read_json("large")
    _check(isinstance(rows, list), "a size that is none")
    for row in rows:
        _check(isinstance(row, list) and [type(each) for each in row] == [int, int], "a size that is none")
        _check(
            0 <= row[0] < len(sizes) and LARGE <= row[1] < 1 << 48 and sizes[row[0]] == LARGE,
            "a size that is none",
        )
    large = {node: size for node, size in rows}  # noqa: C416 - lists are no pairs
    _check(count_of(sizes, LARGE) == len(large), "a size that is none")
    return large


def _recall(reader: Reader, heap: Heap, finalized: frozenset[int]) -> Recall:
    nodes = heap.graph.nodes
    names = read_texts(reader, "label")
    labels = memoryview(reader.read("labels", 4, heap.graph.references))
    _check(len(names.ends) > 0 and codes_known(labels, len(names.ends)), "a name that is none")
    form_nodes = memoryview(reader.read("form_nodes", 4))
    forms = read_texts(reader, "form")
    weak_nodes = memoryview(reader.read("weak_nodes", 4))
    _check(len(weak_nodes) <= nodes and rises(weak_nodes), "weak references out of order")
    weak_counts = memoryview(reader.read("weak_counts", 4, len(weak_nodes)))
    _check(len(forms.ends) == len(form_nodes) and rises(form_nodes), "forms out of order")
    _check(all_below(form_nodes, nodes) and all_below(weak_nodes, nodes), "a form of nothing")
    weak = dict(zip(weak_nodes.tolist(), weak_counts.tolist(), strict=True))
    judged, told, judgements = _states(reader, nodes)
    return Recall(
        heap.graph,
        heap.types,
        heap.type_of,
        heap.type_addresses,
        heap.addresses,
        labels,
        names,
        form_nodes,
        forms,
        finalized,
        weak,
        judged,
        told,
        judgements,
        read_waits(reader, nodes),
        read_unowned(reader, nodes),
    )


def _states(
    reader: Reader, nodes: int
) -> tuple[memoryview | None, memoryview, tuple[tuple[Verdict, str], ...]]:
    """Return the objects that were judged, what each told, and the judgements; None for an older file."""
    if "judgements" not in reader.columns:
        return None, memoryview(b""), ()
    judged = memoryview(reader.read("state_nodes", 4))
    told = memoryview(reader.read("states", 4, len(judged)))
    rows = reader.read_json("judgements")
    _check(len(judged) <= nodes and rises(judged) and all_below(judged, nodes), "a state of nothing")
    _check(isinstance(rows, list) and all_below(told, len(rows)), "a state that is none")
    for row in rows:
        _check(isinstance(row, list) and [type(each) for each in row] == [str, str], "a state that is none")
        _check(row[0] in ("", "alive", "finished"), "a state that is none")
    return judged, told, tuple((verdict, harmless(reason)) for verdict, reason in rows)


def read_texts(reader: Reader, name: str, *, most: int = MOST_NODES) -> Texts:
    """Return the texts of two columns; BadFileError where they are too many, or do not fit together."""
    ends = memoryview(reader.read(f"{name}_ends", 8))
    _check(len(ends) <= most, "too many texts")
    data = memoryview(reader.read(f"{name}_texts", 1))
    _check(rises(ends, strictly=False), "texts out of order")
    _check((ends[-1] if ends else 0) == len(data), "a text that is cut")
    return Texts(ends, data)


def _check_flags(heap: Heap) -> None:
    """Check that what is called garbage is what no root leads to: algorithms rely on that."""
    alive = heap.graph.reach(heap.roots)
    garbage = heap.marks(GARBAGE)
    _check(are_complements(alive, garbage), "garbage that is alive")


def _refuse_too_big(reader: Reader) -> None:
    need = 2 * sum(column["width"] * column["count"] for column in reader.columns.values())
    room = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if need > room:
        raise BadFileError(f"it needs {need >> 20:,} MiB, and this machine has {room >> 20:,} MiB")


def _number(facts: dict[str, Any], key: str) -> int:
    found = facts.get(key)
    if not isinstance(found, int) or not 0 <= found < 1 << 40:
        raise BadFileError("its directory is damaged")
    return int(found)


def _float(facts: dict[str, Any], key: str) -> float:
    found = facts.get(key)
    if not isinstance(found, int | float) or not 0 <= found < sys.maxsize:
        raise BadFileError("its directory is damaged")
    return float(found)


def _check(holds: bool, what: str) -> None:  # noqa: FBT001
    if not holds:
        raise BadFileError(f"it has {what}")

"""A heap in the format of V8's heap snapshots, which other people's viewers read; knows no command.

V8's src/profiler/heap-snapshot-generator.cc writes it, Chromium's DevTools and memlab read it: a node is
seven numbers, an edge three, and texts stand once in a list. The virtual root is V8's root; what C and frames
hold hangs on it directly. Viewers read numbers of 32 bits: identifiers are ranks, and larger sizes are cut.
"""

from __future__ import annotations

import json
import time
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from pdbleak._native.labels import IS_PLACE
from pdbleak.analyses.dominators import dominate
from pdbleak.heap import GARBAGE
from pdbleak.saved.recall import BETWEEN, Recall
from pdbleak.saved.telling import tell_all, without_keys
from pdbleak.saved.writing import Written, real_path, whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pdbleak.heap import Heap

NODE_TYPES = (
    *("hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic"),
    *("concatenated string", "sliced string", "symbol", "bigint", "object shape"),
)
EDGE_TYPES = ("context", "element", "property", "internal", "hidden", "shortcut", "weak")
NODE_FIELDS = ("type", "name", "id", "self_size", "edge_count", "trace_node_id", "detachedness")
META = {
    "node_fields": list(NODE_FIELDS),
    "node_types": [list(NODE_TYPES), "string", "number", "number", "number", "number", "number"],
    "edge_fields": ["type", "name_or_index", "to_node"],
    "edge_types": [list(EDGE_TYPES), "string_or_number", "node"],
    "trace_function_info_fields": [],
    "trace_node_fields": [],
    "sample_fields": [],
    "location_fields": [],
}
FIELDS = len(NODE_FIELDS)
# The kinds that viewers show by their text and not by their class; all else is an object.
KINDS = {"str": "string", "int": "number", "float": "number", "function": "closure", "code": "code"}
SYNTHETIC = ("", "(GC roots)", "(garbage)")
MOST_BYTES = (1 << 32) - 1
BATCH = 1 << 16


def write_snapshot(
    heap: Heap, path: str, *, redact: bool = False, tell: Callable[[str, float], None] = lambda *_: None
) -> Written:
    """Write a heap as a snapshot, which only its owner may read; `tell` hears which share is done.

    Of a live heap the names are asked for, microseconds per object. Texts are left out with `redact`.
    Raises OSError with nothing left behind. O(V + E), in batches.
    """
    began = time.perf_counter()
    snapshot = _Snapshot(heap, redact=redact, tell=tell)
    with whole_file(path) as file:
        snapshot.write(file)
        size = file.tell()
    return Written(real_path(path), size, snapshot.told, snapshot.missed, time.perf_counter() - began)


class _Snapshot:
    """The state of writing one: texts by number, and what names the references."""

    def __init__(self, heap: Heap, *, redact: bool, tell: Callable[[str, float], None]) -> None:
        self.heap = heap
        self.tell = tell
        self.strings: dict[str, int] = {}
        self.told = 0
        self.missed = 0
        recall = heap.recall
        if isinstance(recall, Recall):
            self.codes = recall.labels
            self.form: Callable[[int], str] = recall.form
            # What the file names the keys of stands there in full.
            texts: Iterable[str] = map(without_keys, recall.names) if redact else recall.names
        else:
            done = 0

            def naming(count: int) -> None:
                nonlocal done
                done += count
                tell("naming", done / max(1, heap.graph.nodes))

            found = tell_all(heap, redact=redact, tell=naming)
            self.codes = memoryview(found.labels.codes)
            self.form = lambda node: found.forms.get(node, "")
            texts = found.texts
            self.missed = found.missed
        self.shows_texts = not redact
        self.keeps_not = self._from_garbage()
        # A reference with several names has the first.
        self.edges = [self._edge(text.partition(BETWEEN)[0]) for text in texts]

    def _edge(self, name: str) -> tuple[int, int]:
        """Return the (type, name) of an edge."""
        if not name or name.startswith("("):
            return EDGE_TYPES.index("internal"), self.number(name or "(in C)")
        return EDGE_TYPES.index("property"), self.number(name.removeprefix("."))

    def number(self, text: str) -> int:
        """Return a text's number."""
        return self.strings.setdefault(text, len(self.strings))

    def write(self, file: IO[bytes]) -> None:
        """Write it all."""
        graph = self.heap.graph
        dominators = dominate(self.heap)
        heads = [
            node
            for node in range(graph.nodes)
            if dominators.parents[node] == dominators.root and self.heap.has(node, GARBAGE)
        ]
        roots = self.heap.roots.tolist()
        first = [len(SYNTHETIC) - 1 + len(roots), 0, len(heads)]
        head = {
            "meta": META,
            "node_count": graph.nodes + len(SYNTHETIC),
            "edge_count": graph.references + sum(first),
            "trace_function_count": 0,
        }
        file.write(b'{"snapshot":' + json.dumps(head, separators=(",", ":")).encode() + b',\n"nodes":[')
        synthetic = [
            (NODE_TYPES.index("synthetic"), self.number(name), 2 * place + 1, 0, first[place], 0, 0)
            for place, name in enumerate(SYNTHETIC)
        ]
        file.write(_numbers([number for row in synthetic for number in row]))
        for start in range(0, graph.nodes, BATCH):
            file.write(b",\n" + _numbers(self._nodes(start, min(start + BATCH, graph.nodes))))
            self.tell("writing", start / graph.nodes / 2)
        file.write(b'],\n"edges":[')
        file.write(_numbers(self._first_edges(roots, heads)))
        for start in range(0, graph.references, BATCH):
            file.write(b",\n" + _numbers(self._edges(start, min(start + BATCH, graph.references))))
            self.tell("writing", 0.5 + start / graph.references / 2)
        file.write(b'],\n"trace_function_infos":[],"trace_tree":[],"samples":[],"locations":[],\n"strings":')
        file.write(json.dumps(list(self.strings), separators=(",\n", ":")).encode())
        file.write(b"}\n")

    def _nodes(self, start: int, stop: int) -> list[int]:
        heap = self.heap
        offsets = heap.graph.offsets[start : stop + 1].tolist()
        kinds = [NODE_TYPES.index(KINDS.get(name, "object")) for name in heap.types]
        classes = [self.number(name) for name in heap.types]
        by_text = [self.shows_texts and name in KINDS for name in heap.types]
        numbers = [0] * (FIELDS * (stop - start))
        types = heap.type_of[start:stop].tolist()
        names = [classes[kind] for kind in types]
        for place, kind in enumerate(types):
            if by_text[kind]:
                text = self.form(start + place)
                if text:
                    names[place] = self.number(text)
                    self.told += 1
        numbers[0::FIELDS] = [kinds[kind] for kind in types]
        numbers[1::FIELDS] = names
        first = 2 * (start + len(SYNTHETIC)) + 1
        numbers[2::FIELDS] = range(first, first + 2 * (stop - start), 2)
        # The column holds the largest number where a size does not fit: what viewers can read.
        numbers[3::FIELDS] = heap.sizes[start:stop].tolist()
        numbers[4::FIELDS] = [above - below for below, above in pairwise(offsets)]
        return numbers

    def _first_edges(self, roots: Sequence[int], heads: Sequence[int]) -> list[int]:
        """Return the edges of the root, and of what holds the garbage."""
        element, internal = EDGE_TYPES.index("element"), EDGE_TYPES.index("internal")
        numbers = []
        for place in range(1, len(SYNTHETIC)):
            numbers += [element, place, FIELDS * place]
        for root in roots:
            numbers += [internal, self.number(self._holder(root)), _place(root)]
        for place, head in enumerate(heads):
            numbers += [element, place, _place(head)]
        return numbers

    def _holder(self, root: int) -> str:
        for frame, name in self.heap.holders(root):
            return f"local {name!r} of {frame.function}()" if name else f"{frame.function}()"
        return "(in C)"

    def _edges(self, start: int, stop: int) -> list[int]:
        numbers = [0] * (3 * (stop - start))
        element, weak = EDGE_TYPES.index("element"), EDGE_TYPES.index("weak")
        named = [
            (element, code & ~IS_PLACE) if code & IS_PLACE else self.edges[code]
            for code in self.codes[start:stop].tolist()
        ]
        place = self.keeps_not.find(1, start, stop)
        while place >= 0:
            kind, name = named[place - start]
            named[place - start] = weak, self.number(f"[{name}]") if kind == element else name
            place = self.keeps_not.find(1, place + 1, stop)
        numbers[0::3] = [kind for kind, _ in named]
        numbers[1::3] = [name for _, name in named]
        numbers[2::3] = [_place(node) for node in self.heap.graph.targets[start:stop].tolist()]
        return numbers

    def _from_garbage(self) -> bytearray:
        """Return a byte per reference: 1 for those from garbage to what is alive, which keep nothing."""
        offsets, targets = self.heap.graph.offsets, self.heap.graph.targets
        is_garbage = bytes(self.heap.marks(GARBAGE))
        found = bytearray(self.heap.graph.references)
        node = is_garbage.find(1)
        while node >= 0:
            for place in range(offsets[node], offsets[node + 1]):
                found[place] = not is_garbage[targets[place]]
            node = is_garbage.find(1, node + 1)
        return found


def _place(node: int) -> int:
    return FIELDS * (node + len(SYNTHETIC))


def _numbers(numbers: Iterable[int]) -> bytes:
    return ",".join(map(str, numbers)).encode()

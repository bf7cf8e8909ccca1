"""The capture, the only module that walks the collector, and the way back from a node to its object.

A Heap is addresses, numbers and text; it holds no captured object.
"""

from __future__ import annotations

import gc
import sys
import time
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pdbleak._native import algorithms, capture
from pdbleak._native.capture import FRAME_HELD, GARBAGE, IMMORTAL, MODULE, NAMESPACE, ROOT, TRACKED, TYPE
from pdbleak._native.ints import from_values
from pdbleak.graph import Graph
from pdbleak.recovery import recover
from pdbleak.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pdbleak.remembered import Recollection

# Held when this module is first loaded: the program may replace the name in gc later.
_get_objects = gc.get_objects

# Modules of debuggers: what only they lead to is not the program's.
DEBUGGERS = frozenset({
    "pdbleak", "pdb", "bdb", "cmd", "pdbpp", "_pdbpp_path_hack", "fancycompleter", "pyrepl", "_pyrepl",
    "rlcompleter", "readline", "ipdb", "remote_pdb", "guppy", "objgraph",
})  # fmt: skip
# Where types come from that are seldom what the user hunts: the library, and what pdb++ brings along.
NOT_THE_PROGRAMS = frozenset(sys.stdlib_module_names) - {"__main__"} | {"builtins", "pygments"}

OWNED_BY_FRAME = 0xFFFFFFFE
ON_STACK = 0xFFFFFFFF
LARGE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Frame:
    """A running frame at the time of the capture: its thread's identifier, function, file and line."""

    thread: int
    function: str
    file: str
    line: int
    locals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heap:
    """All objects of one moment as numbered nodes, in the order of their addresses.

    `type_of` indexes `types` (qualified names), `type_modules` and `type_addresses`; `sizes` are shallow
    bytes (see `size`); `flags` say what is known of a node; `unexplained` counts references that neither the
    graph nor a frame explains: C holds them. `pause` is how long the walk took, in seconds; `taken`
    the monotonic time; `looked_up` are the addresses of names that the interpreter's cache of attribute
    lookups held, one for each reference; `unseen` frozen objects were not met; `dead` referents were skipped.
    A saved heap has no live objects: its `recall` answers in the place of `resolve`.
    """

    graph: Graph
    types: tuple[str, ...]
    type_modules: tuple[str, ...]
    type_addresses: tuple[int, ...]
    type_of: memoryview
    sizes: memoryview
    large: dict[int, int]
    addresses: memoryview
    flags: memoryview
    unexplained: memoryview
    frames: tuple[Frame, ...]
    frame_roots: tuple[memoryview, memoryview, memoryview]
    pause: float
    taken: float
    unseen: int
    dead: int
    looked_up: Sequence[int] = ()
    recall: Recollection | None = None
    _cache: dict[str, Any] = field(default_factory=dict)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the capture takes."""
        parts = (self.type_of, self.sizes, self.addresses, self.flags, self.unexplained)
        return self.graph.nbytes + sum(part.nbytes for part in parts)

    def type_name(self, node: int) -> str:
        """Return the qualified name of a node's type."""
        return self.types[self.type_of[node]]

    @property
    def program_types(self) -> frozenset[str]:
        """Names of the types most likely meant: neither the interpreter's nor its library's. O(types)."""
        return frozenset(
            name
            for name, module in zip(self.types, self.type_modules, strict=True)
            if module and module.partition(".")[0] not in NOT_THE_PROGRAMS and not is_debugger(module)
        )

    def size(self, node: int) -> int:
        """Return the shallow size of a node in bytes."""
        size: int = self.sizes[node]
        return self.large[node] if size == LARGE else size

    def total_size(self, nodes: Iterable[int]) -> int:
        """Return the shallow bytes of some nodes. O(nodes), at C speed for an array."""
        if type(nodes) is not memoryview:
            nodes = memoryview(from_values(list(nodes), 4))
        size = algorithms.total(nodes, self.sizes)
        if self.large:
            size += sum(self.large[node] - LARGE for node in nodes if node in self.large)
        return size

    def has(self, node: int, flag: int) -> bool:
        """Tell whether a node has one of the flags."""
        return bool(self.flags[node] & flag)

    def tally(self, flag: int = 0, *, marks: memoryview | None = None) -> dict[str, tuple[int, int]]:
        """Return {type name: (count, bytes)} of all nodes, or of those with a flag, or in `marks`. O(V)."""
        marks = self.flags if marks is None else marks
        counts, sizes = algorithms.tally(self.type_of, self.sizes, len(self.types), marks, flag)
        tallied: dict[str, tuple[int, int]] = {}
        for name, count, size in zip(self.types, memoryview(counts), memoryview(sizes), strict=True):
            if count:
                before = tallied.get(name, (0, 0))
                tallied[name] = before[0] + count, before[1] + size
        for node, size in self.large.items():
            if not flag or marks[node] & flag:
                count, before_size = tallied[self.type_name(node)]
                tallied[self.type_name(node)] = count, before_size + size - LARGE
        return tallied

    def nodes_of(self, types: Iterable[str]) -> memoryview:
        """Return the nodes whose type has one of the names. O(V)."""
        names = frozenset(types)
        wanted = bytes(name in names for name in self.types)
        return memoryview(algorithms.select(self.type_of, wanted))

    def marks(self, flag: int, *, without: int = 0) -> memoryview:
        """Return a byte per node: 1 where a flag is set and none of `without`. O(V)."""
        return memoryview(algorithms.masked(self.flags, flag, without))

    @property
    def roots(self) -> memoryview:
        """Nodes that live by themselves: held by frames or C, or immortal."""
        if "roots" not in self._cache:
            self._cache["roots"] = memoryview(algorithms.positions(self.marks(ROOT)))
        roots: memoryview = self._cache["roots"]
        return roots

    def holders(self, node: int) -> Iterator[tuple[Frame, str]]:
        """Yield the running frames that hold a node, each with the local's name ('' for the frame's own)."""
        if "holders" not in self._cache:
            holders: dict[int, list[tuple[int, int]]] = {}
            for held, frame, local in zip(*self.frame_roots, strict=True):
                holders.setdefault(held, []).append((frame, local))
            self._cache["holders"] = holders
        for frame, local in self._cache["holders"].get(node, ()):
            named = local not in (OWNED_BY_FRAME, ON_STACK)
            yield self.frames[frame], self.frames[frame].locals[local] if named else ""

    def node_at(self, address: int) -> int | None:
        """Return the node at an address, None if there was no object. O(log V)."""
        node = bisect_left(self.addresses, address)
        return node if node < len(self.addresses) and self.addresses[node] == address else None

    def node_of(self, item: object) -> int | None:
        """Return the node of a live object, None if it was not captured."""
        if self.recall is not None and type(item) is Remembered:
            return item.node
        node = self.node_at(id(item))
        if node is None or self.type_addresses[self.type_of[node]] != id(type(item)):
            return None
        return node

    def packed_addresses(self) -> memoryview:
        """Return all addresses in about a byte for each. O(V)."""
        return memoryview(algorithms.pack_addresses(self.addresses))

    def newer(self, packed: memoryview) -> memoryview:
        """Return a byte per node: 1 where its address is not among those packed of another heap. O(V)."""
        return memoryview(algorithms.not_among(packed, self.addresses))

    def resolve(self, nodes: Iterable[int]) -> dict[int, Any]:
        """Return {node: live object}, without those that are gone since the capture.

        Of a saved heap, what it remembers of them; `names` takes either.
        """
        if self.recall is not None:
            return dict(self.recall(nodes))
        return recover(self, nodes)


def is_debugger(module: str) -> bool:
    """Tell whether a module's name is a debugger's."""
    return module.partition(".")[0] in DEBUGGERS


def _debugger_objects(further: Sequence[Any]) -> tuple[list[Any], list[dict[str, Any]]]:
    """Return what is the debuggers' own: modules, their namespaces and classes; and the namespaces alone.

    A debugger's module may be among `further` objects of it only: pdb, where pdb++ took its name.
    """
    own: list[Any] = []
    namespaces: list[dict[str, Any]] = []
    private = [(each.__dict__.get("__name__"), each) for each in further if type(each) is type(sys)]
    for name, module in [*sys.modules.items(), *private]:
        if type(name) is not str or not is_debugger(name) or type(module) is not type(sys):
            continue
        namespace = module.__dict__
        namespaces.append(namespace)
        own += [module, namespace]
        own += [item for item in namespace.values() if type(item) is type and item.__module__ == name]
    return own, namespaces


def _type_text(module: str, qualname: str) -> str:
    return qualname if module in ("", "builtins", "__main__") else f"{module}.{qualname}"


def take_capture(*, own: Sequence[Any] = (), picked: Sequence[Any] = (), progress: int = -1) -> Heap:
    """Capture the heap as it is now.

    `own` are further objects of the debugger, `picked` objects of the program that it holds for the
    user; `progress` is a terminal's file descriptor for a line after the first second, or -1.
    Raises KeyboardInterrupt, MemoryError or OverflowError with nothing kept. O(V + E), under 60 bytes
    per object.
    """
    debugger, namespaces = _debugger_objects(own)
    raw = capture.take([*debugger, *own], namespaces, list(picked), _get_objects, progress)
    graph = Graph(*(memoryview(raw[part]) for part in ("offsets", "targets", "back_offsets", "back_sources")))
    texts = raw["type_texts"]
    return Heap(
        graph=graph,
        types=tuple(_type_text(module, qualname) for module, qualname, _ in texts),
        type_modules=tuple(module for module, _, _ in texts),
        type_addresses=tuple(address for _, _, address in texts),
        type_of=memoryview(raw["types"]),
        sizes=memoryview(raw["sizes"]),
        large=raw["large"],
        addresses=memoryview(raw["addresses"]),
        flags=memoryview(raw["flags"]),
        unexplained=memoryview(raw["unexplained"]),
        frames=tuple(Frame(*described) for described in raw["frames"]),
        frame_roots=(
            memoryview(raw["root_nodes"]),
            memoryview(raw["root_frames"]),
            memoryview(raw["root_locals"]),
        ),
        pause=raw["pause"],
        taken=time.monotonic(),
        # From 3.14 on the collector shows frozen objects among the others.
        unseen=0 if sys.version_info >= (3, 14) else max(0, gc.get_freeze_count() - raw["frozen"]),
        dead=raw["dead"],
        looked_up=memoryview(from_values(raw["looked_up"], 8)),
    )


__all__ = [
    "FRAME_HELD",
    "GARBAGE",
    "IMMORTAL",
    "MODULE",
    "NAMESPACE",
    "ROOT",
    "TRACKED",
    "TYPE",
    "Frame",
    "Heap",
    "is_debugger",
    "take_capture",
]

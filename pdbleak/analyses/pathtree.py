"""All live objects merged by the path that leads to them from a root; knows no live object but modules."""

from __future__ import annotations

import os.path
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak._native import paths as core
from pdbleak._native.ints import from_values
from pdbleak.analyses.deferred import mark_deferred, module_names
from pdbleak.heap import GARBAGE, IMMORTAL, NAMESPACE, NOT_THE_PROGRAMS, ROOT, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdbleak._native.algorithms import Array
    from pdbleak.heap import Frame, Heap

NOWHERE = 0xFFFFFFFF
OWNED_BY_FRAME = 0xFFFFFFFE
LARGE = 0xFFFFFFFF
LIBRARY = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120 - pathlib is not loaded for it
HELD_BY_C = "held by C"
IMMORTAL_ROOT = "immortal"
CONTAINERS = frozenset({"list", "tuple", "set", "frozenset", "collections.deque"})
MAPPINGS = frozenset({"dict", "collections.OrderedDict", "collections.defaultdict", "collections.Counter"})
# What every module has many of, and what no leak is found in: one group of each type for a namespace.
FURNITURE = frozenset({
    *("function", "type", "module", "builtin_function_or_method", "method_descriptor", "wrapper_descriptor"),
    *("getset_descriptor", "member_descriptor", "staticmethod", "classmethod", "property", "code"),
    *("classmethod_descriptor", "str", "int", "float", "bool", "bytes", "complex", "ellipsis", "NoneType"),
    *("NotImplementedType", "abc.ABCMeta", "enum.EnumType", "re.Pattern", "operator.itemgetter"),
})  # fmt: skip
# Two that wait in different functions hold different things.
SUSPENDED = ("generator", "coroutine", "async_generator")
ROLES = dict.fromkeys(SUSPENDED, core.SUSPENDED) | {"code": core.CODE}


@dataclass(frozen=True, slots=True)
class PathTree:
    """A path for every node that is not garbage, and nodes with the same path in one group.

    By node: `parents`, `group` (NOWHERE for garbage); `order` has the nodes as they were met. By group:
    `above` (NOWHERE for a root), `label` (a root's number in `roots` and `origins`), `name` (in `names`),
    `count`, `size` in shallow bytes, the `first` and the `last` member, `folded` where a repeated step
    joined it.
    """

    roots: tuple[str, ...]
    origins: tuple[str, ...]
    names: tuple[str, ...]
    parents: memoryview
    order: memoryview
    group: memoryview
    above: memoryview
    label: memoryview
    name: memoryview
    count: memoryview
    size: memoryview
    first: memoryview
    last: memoryview
    folded: memoryview

    @property
    def groups(self) -> int:
        """The number of groups."""
        return len(self.above)

    def path_of(self, group: int) -> list[int]:
        """Return the groups from a root's down to a group. O(depth)."""
        path = [group]
        while self.above[path[-1]] != NOWHERE:
            path.append(self.above[path[-1]])
        return path[::-1]


@dataclass(slots=True)
class _Seeds:
    """Where paths begin, while that is collected: nodes, the numbers of their roots, the ends of ranks."""

    nodes: list[int]
    labels: list[int]
    ends: list[int]
    roots: dict[str, int]
    lines: dict[str, set[int]]

    def add(self, node: int, root: str, line: int = 0) -> None:
        """Add a root to the rank that is being collected."""
        self.nodes.append(node)
        self.labels.append(self.roots.setdefault(root, len(self.roots)))
        self.lines.setdefault(root, set()).add(line)

    def with_lines(self) -> tuple[str, ...]:
        """Return the roots' texts, each with its line where it has one."""
        return tuple(
            f"{root}:{line}" if len(self.lines[root]) == 1 and (line := min(self.lines[root])) else root
            for root in self.roots
        )

    def close_rank(self) -> None:
        """End a rank."""
        self.ends.append(len(self.nodes))


def path_tree(heap: Heap, extra: Sequence[str] = ()) -> PathTree:
    """Return the merged paths of a heap; the same value for the same capture and deferrals. O(V + E).

    Modules come first, then what running frames hold, the program's own frames before the library's and
    the outermost before the others (what lives longest explains most), then what is deferred, then what C
    holds, and immortal objects last. Two captures of one heap give the same groups: no address counts.
    """
    key = "path tree " + "\0".join(extra)
    if key not in heap._cache:  # noqa: SLF001 - the place for it
        heap._cache[key] = _grow(heap, mark_deferred(heap, extra))  # noqa: SLF001
    tree: PathTree = heap._cache[key]  # noqa: SLF001
    return tree


def path_tree_without(heap: Heap, nodes: Array, extra: Sequence[str] = ()) -> PathTree:
    """Return the merged paths that do not lead through some nodes; what only these hold has none."""
    marks = bytearray(mark_deferred(heap, extra))
    core.never_enter(marks, nodes)
    return _grow(heap, marks)


def _grow(heap: Heap, marks: bytes | bytearray) -> PathTree:
    seeds = _Seeds([], [], [], {}, {})
    _add_modules(heap, seeds)
    _add_frames(heap, seeds)
    patient = len(seeds.ends)
    names = tuple(sorted(set(heap.types)))
    name_numbers = {name: number for number, name in enumerate(names)}
    name_of = from_values([name_numbers[name] for name in heap.types], 4)
    _add_others(heap, seeds, memoryview(name_of))
    graph = heap.graph
    parents, places, order = core.grow_forest(
        graph.offsets,
        graph.targets,
        from_values(seeds.nodes, 4),
        from_values(seeds.labels, 4),
        from_values(seeds.ends, 4),
        patient,
        marks,
    )
    merged = core.merge_paths(
        order,
        parents,
        places,
        graph.offsets,
        heap.type_of,
        heap.sizes,
        heap.flags,
        NAMESPACE,
        TYPE,
        graph.targets,
        name_of,
        bytes(kinds_of_types(heap)),
        bytes(name in FURNITURE for name in heap.types),
        bytes(ROLES.get(name, 0) for name in heap.types),
    )
    columns: dict[str, Any] = {name: memoryview(array) for name, array in merged.items()}
    columns["size"] = _with_large(heap, columns["group"], columns["size"])
    return PathTree(
        roots=seeds.with_lines(),
        origins=tuple(seeds.roots),
        names=names,
        parents=memoryview(parents),
        order=memoryview(order),
        **columns,
    )


def _with_large(heap: Heap, group: memoryview, sizes: memoryview) -> memoryview:
    """Return the bytes of groups with those of objects of 4 GiB and more."""
    if not heap.large:
        return sizes
    corrected = sizes.tolist()
    for node, size in heap.large.items():
        if group[node] != NOWHERE:
            corrected[group[node]] += size - LARGE
    return memoryview(from_values(corrected, 8))


def _add_modules(heap: Heap, seeds: _Seeds) -> None:
    """Collect the modules: the program's own first, each in the order of its import."""
    found = module_names(heap)
    for node, name in sorted(found.items(), key=lambda item: item[1].partition(".")[0] in NOT_THE_PROGRAMS):
        seeds.add(node, f"module {name}")
    seeds.close_rank()


def _add_frames(heap: Heap, seeds: _Seeds) -> None:
    """Collect what frames hold, a rank for each frame, and one for what lies on their stacks."""
    held: dict[int, list[tuple[int, int]]] = {}
    for node, frame, local in zip(*heap.frame_roots, strict=True):
        if not heap.has(node, NAMESPACE):
            held.setdefault(frame, []).append((local, node))
    # As captured, the youngest thread and in it the innermost frame come first.
    order = sorted(held, key=lambda frame: (heap.frames[frame].file.startswith(LIBRARY), -frame))
    for frame in order:
        described = heap.frames[frame]
        for local, node in held[frame]:
            if local < OWNED_BY_FRAME:
                name = described.locals[local]
                seeds.add(node, f"local {name!r} of {_place(described)}", described.line)
        seeds.close_rank()
    for frame in order:
        for local, node in held[frame]:
            if local >= OWNED_BY_FRAME:
                seeds.add(node, f"running {_place(heap.frames[frame])}", heap.frames[frame].line)
    seeds.close_rank()


def _add_others(heap: Heap, seeds: _Seeds, name_of: memoryview) -> None:
    """Collect what C holds, then immortal objects, by the names of their types."""
    type_of = heap.type_of
    for flag, without, root in ((ROOT, IMMORTAL, HELD_BY_C), (IMMORTAL, 0, IMMORTAL_ROOT)):
        marks = heap.marks(flag, without=without | GARBAGE)
        nodes = [node for node in heap.roots if marks[node]]
        for node in sorted(nodes, key=lambda node: name_of[type_of[node]]):
            seeds.add(node, root)
        seeds.close_rank()


def _place(frame: Frame) -> str:
    return f"{frame.function}() at {os.path.basename(frame.file)}"  # noqa: PTH119


def kinds_of_types(heap: Heap) -> Iterable[int]:
    """Yield for each type how its references are told apart: RECORD, CONTAINER or MAPPING."""
    kinds: dict[int, int] = {}
    for base, kind in ((dict, core.MAPPING), (list, core.CONTAINER), (set, core.CONTAINER)):
        # The classes of this process say nothing of a saved heap's.
        kinds |= dict.fromkeys(() if heap.recall else _addresses_below(base), kind)
    for address, name in zip(heap.type_addresses, heap.types, strict=True):
        if name in CONTAINERS:
            yield core.CONTAINER
        elif name in MAPPINGS:
            yield core.MAPPING
        else:
            yield kinds.get(address, core.RECORD)


def _addresses_below(base: type) -> set[int]:
    """Return the addresses of a class and all that derive from it now; runs no metaclass's code."""
    found = {id(base)}
    waiting: list[type] = [base]
    while waiting:
        below: list[type] = type.__subclasses__(waiting.pop())
        for each in below:
            if id(each) not in found:
                found.add(id(each))
                waiting.append(each)
    return found

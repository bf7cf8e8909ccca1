"""Taking a mark of a capture; keeps numbers and text, no object and no node."""

from __future__ import annotations

import time
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pdbleak._native import algorithms
from pdbleak._native import paths as core
from pdbleak.analyses.ledger import take_ledger, with_objects
from pdbleak.analyses.mark import CONTAINER, FOLDED, TOP, Mark, MarkRows, TypeColumns
from pdbleak.analyses.pathtree import NOWHERE, kinds_of_types, path_tree
from pdbleak.analyses.steadynames import name_steps
from pdbleak.heap import GARBAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.ledger import Ledger
    from pdbleak.analyses.mark import Tally
    from pdbleak.analyses.pathtree import PathTree
    from pdbleak.heap import Heap

# Of very many groups the largest are kept: naming one takes some 20 µs, and its row 80 bytes.
MOST_ROWS = 8000
ROWS = "groups of the mark's rows"
NOT_FOUND = -2


@dataclass(slots=True)
class _Columns:
    """The rows while they are merged: groups whose names turn out equal share one."""

    above: array[int] = field(default_factory=lambda: array("i"))
    reference: list[str] = field(default_factory=list)
    type: list[str] = field(default_factory=list)
    count: array[int] = field(default_factory=lambda: array("Q"))
    size: array[int] = field(default_factory=lambda: array("Q"))
    references: array[int] = field(default_factory=lambda: array("Q"))
    fingerprint: array[int] = field(default_factory=lambda: array("Q"))
    ends: array[int] = field(default_factory=lambda: array("Q"))
    traits: bytearray = field(default_factory=bytearray)

    def add(self, above: int, reference: str, type_name: str) -> int:
        """Add an empty row and return its number."""
        self.above.append(above)
        self.reference.append(reference)
        self.type.append(type_name)
        for column in (self.count, self.size, self.references, self.fingerprint):
            column.append(0)
        self.ends.extend((0, 0))
        self.traits.append(0)
        return len(self.traits) - 1

    def frozen(self) -> MarkRows:
        """Return the rows as they stay."""
        return MarkRows(
            self.above,
            tuple(self.reference),
            tuple(self.type),
            self.count,
            self.size,
            self.references,
            self.fingerprint,
            bytes(self.traits),
            self.ends,
        )


def take_mark(
    heap: Heap,
    *,
    name: str = "",
    extra: Sequence[str] = (),
    ledger: Ledger | None = None,
    memory: dict[int, str] | None = None,
    ran: float = 0.0,
) -> Mark:
    """Take a mark of a capture that has just been made. O(V + E), and the names of the larger groups.

    `extra` are references that the user wants followed last. The ledger is taken now where none is given.
    `memory` keeps names from one mark to the next (`name_steps`).
    """
    started = time.perf_counter()
    tree = path_tree(heap, extra)
    of_types = list(kinds_of_types(heap))
    kinds = [of_types[heap.type_of[first]] for first in tree.first]
    kept, floor_count, floor_size = _larger(tree, kinds)
    rows = _rows(heap, tree, kept, kinds, memory)
    everything, garbage = heap.tally(), heap.tally(GARBAGE)
    reckoned = with_objects(take_ledger(own=heap.nbytes), heap) if ledger is None else ledger
    total_count, total_size = (sum(column) for column in zip(*everything.values(), strict=True))
    dead_count, dead_size = (sum(pair[place] for pair in garbage.values()) for place in (0, 1))
    return Mark(
        name=name,
        taken=heap.taken,
        clock=time.time() - (time.monotonic() - heap.taken),
        pause=heap.pause,
        cost=time.perf_counter() - started,
        objects=total_count,
        size=total_size,
        living=_columns(_without(everything, garbage)),
        dead=_columns(garbage),
        ledger=reckoned,
        rows=rows,
        rest_count=total_count - dead_count - sum(rows.count),
        rest_size=total_size - dead_size - sum(rows.size),
        floor_count=floor_count,
        floor_size=floor_size,
        ran=ran,
    )


def adopt_mark(heap: Heap, mark: Mark, *, extra: Sequence[str] = ()) -> Mark:
    """Return the mark that was taken of a heap before it was saved, and find its rows in the heap again.

    What the file has no name for, or a general one only, may stay unfound. O(V + E), as a mark.
    """
    own = take_mark(heap, extra=extra, ledger=mark.ledger).rows
    tree, row_of = heap._cache[ROWS]  # noqa: SLF001 - the place for it
    rows = mark.rows
    exactly = {key: row for row, key in enumerate(zip(rows.above, rows.reference, rows.type, strict=True))}
    loosely = {(above, _loose(name), kind): row for (above, name, kind), row in exactly.items()}
    found: list[int] = []
    for above, name, kind in zip(own.above, own.reference, own.type, strict=True):
        over = TOP if above == TOP else found[above]
        row = NOT_FOUND if over == NOT_FOUND else exactly.get((over, name, kind), NOT_FOUND)
        if row == NOT_FOUND != over:
            row = loosely.get((over, _loose(name), kind), NOT_FOUND)
        found.append(row)
    again = {group: found[row] for group, row in row_of.items() if found[row] != NOT_FOUND}
    heap._cache[ROWS] = tree, again  # noqa: SLF001
    return mark


def _loose(name: str) -> str:
    """Return a name without its key: of what is redacted, or of very many, it is not known."""
    return "[]" if name.startswith(("[", "{")) else name


def _without(everything: Tally, less: Tally) -> Tally:
    """Return a tally less another one; what is nothing then is left out."""
    left = {}
    for name, (count, size) in everything.items():
        dead, dead_size = less.get(name, (0, 0))
        if count > dead:
            left[name] = count - dead, size - dead_size
    return left


def _columns(tally: Tally) -> TypeColumns:
    """Return a tally in columns."""
    counts, sizes = (array("Q", (each[place] for each in tally.values())) for place in (0, 1))
    return TypeColumns(tuple(tally), counts, sizes)


def _larger(tree: PathTree, kinds: list[int]) -> tuple[list[int], int, int]:
    """Return the groups worth a row with all that lead to them, parents first. O(groups).

    And the most objects, and the most bytes, that one of those without a row has.
    """
    counts, sizes = _with_equals(tree, kinds)
    above = tree.above.tolist()
    constants = _below_code(tree)
    worth = [group for group in range(tree.groups) if not constants[group]]
    if len(worth) > MOST_ROWS:
        total, total_size = max(1, sum(counts)), max(1, sum(sizes))
        worth.sort(key=lambda group: -max(counts[group] / total, sizes[group] / total_size))
        del worth[MOST_ROWS:]
    kept = bytearray(tree.groups)
    for each in worth:
        group = each
        while group != NOWHERE and not kept[group]:
            kept[group] = 1
            group = above[group]
    left = [group for group in range(tree.groups) if not kept[group] and not constants[group]]
    floor_count = max((counts[group] for group in left), default=0)
    floor_size = max((sizes[group] for group in left), default=0)
    # Groups are numbered as they are first met: a parent's number is the smaller one.
    return [group for group in range(tree.groups) if kept[group]], floor_count, floor_size


def _below_code(tree: PathTree) -> bytearray:
    """Return a byte per group: 1 for the constants of code, which are many groups and never leak alone."""
    below = bytearray(tree.groups)
    is_code = [name == "code" for name in tree.names]
    for group, above in enumerate(tree.above.tolist()):
        if above != NOWHERE and (below[above] or is_code[tree.name[above]]):
            below[group] = 1
    return below


def _with_equals(tree: PathTree, kinds: list[int]) -> tuple[list[int], list[int]]:
    """Return the groups' objects and bytes, of a small dict's those of all entries of one type together.

    Of such an entry the key makes a group, and is generalised in the end.
    """
    counts, sizes = tree.count.tolist(), tree.size.tolist()
    above, name = tree.above.tolist(), tree.name.tolist()
    equals: dict[tuple[int, int], list[int]] = {}
    for group, over in enumerate(above):
        if over != NOWHERE and kinds[over] == core.MAPPING:
            equals.setdefault((over, name[group]), []).append(group)
    for groups in equals.values():
        if len(groups) > 1:
            count, size = (sum(column[group] for group in groups) for column in (counts, sizes))
            for group in groups:
                counts[group], sizes[group] = count, size
    return counts, sizes


def _rows(
    heap: Heap, tree: PathTree, kept: list[int], kinds: list[int], memory: dict[int, str] | None
) -> MarkRows:
    summed = core.sum_groups(tree.order, tree.group, tree.groups, heap.graph.offsets, heap.addresses)
    references, fingerprints = (memoryview(each) for each in summed)
    steps = name_steps(heap, tree, kept, memory)
    columns = _Columns()
    known: dict[tuple[int, str, str], int] = {}
    row_of: dict[int, int] = {}
    for group in kept:
        above = TOP if tree.above[group] == NOWHERE else row_of[tree.above[group]]
        key = above, steps[group], tree.names[tree.name[group]]
        row = known.get(key)
        if row is None:
            row = known[key] = columns.add(*key)
        row_of[group] = row
        columns.count[row] += tree.count[group]
        columns.size[row] += tree.size[group]
        columns.ends[2 * row] = columns.ends[2 * row] or heap.addresses[tree.first[group]]
        columns.ends[2 * row + 1] = heap.addresses[tree.last[group]]
        columns.references[row] += references[group]
        columns.fingerprint[row] = columns.fingerprint[row] + fingerprints[group] & 0xFFFFFFFFFFFFFFFF
        is_container = CONTAINER if kinds[group] != core.RECORD else 0
        columns.traits[row] |= is_container | (FOLDED if tree.folded[group] else 0)
    heap._cache[ROWS] = tree, row_of  # noqa: SLF001 - the place for it
    return columns.frozen()


def groups_of_rows(heap: Heap) -> tuple[PathTree, dict[int, list[int]]] | None:
    """Return the tree of the capture's last mark, and {row: its groups}; None without a mark."""
    kept: tuple[PathTree, dict[int, int]] | None = heap._cache.get(ROWS)  # noqa: SLF001
    if kept is None:
        return None
    tree, row_of = kept
    groups: dict[int, list[int]] = {}
    for group, row in row_of.items():
        groups.setdefault(row, []).append(group)
    return tree, groups


def members_of_rows(tree: PathTree, groups: dict[int, list[int]], rows: Sequence[int]) -> memoryview:
    """Return the nodes in some rows of the capture's mark, in their order. O(V)."""
    chosen = bytearray(tree.groups)
    for row in rows:
        for group in groups.get(row, ()):
            chosen[group] = 1
    return memoryview(algorithms.positions(core.mark_members(tree.order, tree.group, chosen)))

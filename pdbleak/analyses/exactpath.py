"""The path of one row of a mark with the exact names of what is one object; keeps no object."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak._native import paths as core
from pdbleak.analyses.mark import with_star
from pdbleak.analyses.pathnames import NamedPath, PathStep, without_namespaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.mark import MarkRows
    from pdbleak.analyses.pathtree import PathTree
    from pdbleak.heap import Heap


EXPLAINS = 0.8
SAMPLE = 500


def typical_members(tree: PathTree, members: Sequence[int]) -> tuple[int, ...]:
    """Return what stands for some objects: the last one in the holder of most of them, else two ends.

    `members` in the order of their nodes; a holder explains them if it has four of five.
    """
    sample = members[:: max(1, len(members) // SAMPLE)]
    holder, held = Counter(tree.parents[node] for node in sample).most_common(1)[0]
    if held >= EXPLAINS * len(sample):
        return (next(node for node in reversed(sample) if tree.parents[node] == holder),)
    return (sample[0], sample[-1])


def name_exactly(
    heap: Heap, tree: PathTree, rows: MarkRows, row: int, members: Sequence[int], *, one: bool = False
) -> NamedPath:
    """Return the path to a row of the capture's own mark, by a few of its members. O(depth), one search.

    A mark merges what looks alike, such as all classes of a module. Where the members hang on one object,
    the reference to it is one, and has a name; the last step leads to them all, unless `one` is meant.
    """
    way = rows.way_to(row)
    path = tree.path_of(tree.group[members[0]])
    lines = [[*core.lineage(tree.parents, tree.group, member, path), member] for member in members]
    found = heap.resolve({node for line in lines for node in line})
    steps = [PathStep("", rows.type[way[0]], rows.count[way[0]])]
    for depth, each in enumerate(way[1:], 1):
        reference = with_star(rows.reference[each], rows.traits[each])
        pairs = {(line[depth - 1], line[depth]) for line in lines}
        general = "*" in reference or reference[0] in "{("
        if len(pairs) == 1 and general and (one or depth < len(way) - 1):
            ((above, below),) = pairs
            known = {above, below} <= found.keys()
            exact = names.reference_names(found[above], found[below]) if known else []
            reference = exact[0] if len(exact) == 1 else reference
        steps.append(PathStep(reference, rows.type[each], rows.count[each]))
    root = rows.reference[way[0]]
    return NamedPath(root, without_namespaces(steps, is_module=root.startswith("module ")))

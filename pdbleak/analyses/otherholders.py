"""Who else holds the instances on a path, independently of them; knows no single instance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak._native import paths as core
from pdbleak.analyses.pathnames import NamedPath, name_of_step, name_paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.pathtree import PathTree
    from pdbleak.heap import Heap

# Groups of one path that are looked at, and groups of referrers of each: the biggest ones.
MOST_GROUPS = 8
MOST_REFERRERS = 8
MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class OtherHolder:
    """A second, independent path: so many of the instances are referred to from there, too."""

    count: int
    path: str


def find_other_holders(
    heap: Heap,
    tree: PathTree,
    members: memoryview,
    paths: Sequence[Sequence[int]],
    alive: memoryview,
) -> list[tuple[OtherHolder, ...]]:
    """Return for each path, given as groups, who else refers to its members and lives without any of them.

    `alive` marks what the roots lead to without the members. Most members first. O(references to them).
    """
    graph = heap.graph
    found = [
        (place, *other)
        for place, groups in enumerate(paths)
        for wanted in groups[:MOST_GROUPS]
        for other in core.other_holders(
            graph.back_offsets,
            graph.back_targets,
            tree.parents,
            tree.group,
            tree.groups,
            members,
            wanted,
            alive,
        )[:MOST_REFERRERS]
    ]
    named = name_paths(heap, tree, [(group, (referrer,)) for _, _, group, referrer, _ in found])
    ends = heap.resolve({node for _, _, _, *pair in found for node in pair})
    holders: list[dict[tuple[str, ...], tuple[int, NamedPath]]] = [{} for _ in paths]
    for (place, count, _, referrer, member), path in zip(found, named, strict=True):
        exact = (
            names.reference_names(ends[referrer], ends[member]) if referrer in ends and member in ends else []
        )
        whole = path.extended(name_of_step(exact, heap.type_name(referrer), alike=count == 1))
        known = holders[place].get(whole.key)
        holders[place][whole.key] = (
            (count, whole) if known is None else (count + known[0], known[1].unite(whole))
        )
    return [
        tuple(
            OtherHolder(count, path.text)
            for count, path in sorted(each.values(), key=lambda item: (-item[0], item[1].text))[:MOST_OTHERS]
        )
        for each in holders
    ]

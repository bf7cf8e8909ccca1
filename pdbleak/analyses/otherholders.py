"""Who else holds the instances on a path, independently of them; knows no single instance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak._native import paths as core
from pdbleak.analyses.pathnames import NamedPath, name_of_step, name_paths, place_of_local
from pdbleak.analyses.pathtree import path_tree_without

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
    *,
    extra: Sequence[str] = (),
) -> list[tuple[OtherHolder, ...]]:
    """Return for each path, given as groups, who else refers to its members and lives without any of them.

    `alive` marks what the roots lead to without the members. Most members first. O(references to them),
    and O(V + E) where the path that is known of such a holder leads through a member.
    """
    found = _find(heap, tree, tree, members, paths, alive)
    through = core.mark_members(members, tree.group, b"\1" * tree.groups)
    holders = tree
    referrers = {node for _, _, _, *pairs in found for node in pairs[::2]}
    if any(core.leads_through(tree.parents, node, through) for node in referrers):
        holders = path_tree_without(heap, members, extra)
        found = _find(heap, tree, holders, members, paths, alive)
    named = name_paths(heap, holders, [(group, pairs[::2]) for _, _, group, *pairs in found])
    ends = heap.resolve({node for _, _, _, *pairs in found for node in pairs})
    merged: list[dict[tuple[str, ...], tuple[int, NamedPath]]] = [{} for _ in paths]
    for (place, count, _, *pairs), path in zip(found, named, strict=True):
        told = [
            names.reference_names(ends[above], ends[below])
            for above, below in dict.fromkeys(zip(pairs[::2], pairs[1::2], strict=True))
            if above in ends and below in ends
        ]
        exact = list(dict.fromkeys(name for each in told for name in each))
        reference = name_of_step(exact, heap.type_name(pairs[0]), alike=told[1:] == told[:-1])
        whole = path.extended(reference + place_of_local(reference, ends.get(pairs[0])))
        known = merged[place].get(whole.key)
        merged[place][whole.key] = (
            (count, whole) if known is None else (count + known[0], known[1].unite(whole))
        )
    return [
        tuple(
            OtherHolder(count, path.text)
            for count, path in sorted(each.values(), key=lambda item: (-item[0], item[1].text))[:MOST_OTHERS]
        )
        for each in merged
    ]


def _find(
    heap: Heap,
    tree: PathTree,
    holders: PathTree,
    members: memoryview,
    paths: Sequence[Sequence[int]],
    alive: memoryview,
) -> list[tuple[int, ...]]:
    """Return (path, count, group of referrers, referrer, member, referrer, member) for the biggest groups."""
    graph = heap.graph
    return [
        (place, *other)
        for place, groups in enumerate(paths)
        for wanted in groups[:MOST_GROUPS]
        for other in core.other_holders(
            graph.back_offsets,
            graph.back_targets,
            tree.parents,
            tree.group,
            members,
            wanted,
            holders.group,
            holders.groups,
            alive,
        )[:MOST_REFERRERS]
    ]

"""All instances of a type, merged by the path that leads to them: every one is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import paths as core
from pdbleak.analyses.dominators import retained_by
from pdbleak.analyses.neighbours import form_of, next_for
from pdbleak.analyses.otherholders import OtherHolder, find_other_holders
from pdbleak.analyses.pathnames import NamedPath, PathStep, name_paths
from pdbleak.analyses.pathtree import LARGE, NOWHERE, path_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pdbleak.analyses.pathtree import PathTree
    from pdbleak.heap import Heap

# Groups that are named, before those with equal names are merged and the first few are shown.
MOST_NAMED = 500
# Paths whose retained bytes are weighed, by a walk of the heap each: so many, and more of a small heap.
MOST_WEIGHED = 5
MOST_WALKED = 30_000_000
SAMPLES = 4
# The share of the instances with which one of several keys is named.
STANDS_OUT = 0.8
ORDERED = ("list", "dict", "collections.deque", "collections.OrderedDict", "collections.defaultdict")


@dataclass(frozen=True, slots=True)
class Path:
    """The instances with one path. `retained` is what would be freed with them all, None if not weighed.

    `root` and `steps` lead down to them, `path` has both as text. `oldest` and `newest` are the forms of the
    first and the last one where one container holds them in the order of their age, else empty.
    `also` are independent other holders, most instances first.
    """

    path: str
    count: int
    size: int
    retained: int | None
    root: str
    steps: tuple[PathStep, ...]
    oldest: str
    newest: str
    also: tuple[OtherHolder, ...]


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths of all instances of a type, most instances first; what no path leads to is garbage.

    `objects`, `size` and `retained` are the whole population's, garbage aside for the last; `omitted` paths
    with `omitted_objects` are not shown. `keys` says whether examples of keys were asked for.
    """

    subject: str
    objects: int
    size: int
    retained: int
    garbage: int
    garbage_size: int
    rows: tuple[Path, ...]
    omitted: int
    omitted_objects: int
    keys: bool
    next: str


@dataclass(slots=True)
class _Found:
    """Groups that become one path, while they are merged."""

    named: NamedPath
    groups: list[int]
    count: int
    size: int
    samples: list[int]


def find_paths(
    heap: Heap,
    subject: str,
    types: Iterable[str],
    *,
    limit: int = 10,
    keys: bool = False,
    extra: Sequence[str] = (),
    near: str = "",
    form: Callable[[object], str] = names.form,
) -> Paths:
    """Merge all instances of some types by their path from a root. O(V + E), and a walk per weighed path.

    What a path retains is exact: what no root leads to without the instances on it; for one instance that
    is known from the dominators, for more each is a walk. A second holder is independent if it lives
    without any of the instances.
    """
    wanted = frozenset(types)
    members = heap.nodes_of(wanted)
    if not len(members):
        return Paths(subject, 0, 0, 0, 0, 0, (), 0, 0, keys, next_for(near, "paths"))
    tree = path_tree(heap, extra)
    counted = _members_by_group(heap, tree, wanted)
    reached = sum(count for _, count, _, _ in counted)
    found = _merge_equal(heap, tree, counted)
    weighed = max(MOST_WEIGHED, MOST_WALKED // (heap.graph.nodes + len(heap.graph.targets)))
    size = heap.total_size(members)
    everywhere = core.mark_members(members, tree.group, b"\1" * tree.groups)
    alive = heap.graph.reach(heap.roots, blocked=everywhere)
    total = _weigh(heap, heap.graph.reach(heap.roots))
    shown = found[:limit]
    ends = {sample for each in shown for sample in (each.samples[0], each.samples[-1])}
    objects = heap.resolve(ends)
    others = find_other_holders(heap, tree, members, [each.groups for each in shown], alive, extra=extra)
    rows = tuple(
        _row(heap, tree, each, members, objects, form, also=also, total=total if place < weighed else None)
        for place, (each, also) in enumerate(zip(shown, others, strict=True))
    )
    return Paths(
        subject=subject,
        objects=len(members),
        size=size,
        retained=total - _weigh(heap, alive),
        garbage=len(members) - reached,
        garbage_size=size - sum(weight for _, _, weight, _ in counted),
        rows=rows,
        omitted=len(found) - len(shown) + max(0, len(counted) - MOST_NAMED),
        omitted_objects=reached - sum(each.count for each in shown),
        keys=keys,
        next="leak gc" if len(members) > 2 * reached else f"leak backrefs {subject} 10",
    )


def _members_by_group(
    heap: Heap, tree: PathTree, wanted: frozenset[str]
) -> list[tuple[int, int, int, list[int]]]:
    """Return (group, count, bytes, samples) of the groups with instances, most instances first."""
    marks = bytes(name in wanted for name in heap.types)
    counted = core.count_members(tree.order, tree.group, tree.groups, heap.type_of, heap.sizes, marks)
    groups, counts, sizes, samples = (memoryview(each).tolist() for each in counted)
    for node, size in heap.large.items():
        if marks[heap.type_of[node]] and tree.group[node] != NOWHERE:
            sizes[groups.index(tree.group[node])] += size - LARGE
    rows = [
        (group, count, size, samples[SAMPLES * place : SAMPLES * (place + 1)])
        for place, (group, count, size) in enumerate(zip(groups, counts, sizes, strict=True))
    ]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _merge_equal(heap: Heap, tree: PathTree, rows: list[tuple[int, int, int, list[int]]]) -> list[_Found]:
    """Merge the groups whose paths read alike once keys and indices are generalised.

    One key with nearly all of the instances stays a path of its own: it is not any of the keys.
    """
    named = name_paths(heap, tree, [(group, samples) for group, _, _, samples in rows[:MOST_NAMED]])
    exact: dict[tuple[object, ...], _Found] = {}
    for path, (group, count, size, samples) in zip(named, rows, strict=False):
        each = _Found(path, [group], count, size, samples)
        _unite(tree, exact, (path.text, *path.key), each)
    alike: dict[tuple[str, ...], list[_Found]] = {}
    for each in exact.values():
        alike.setdefault(each.named.key, []).append(each)
    merged: dict[tuple[object, ...], _Found] = {}
    for key, parts in alike.items():
        most = max(parts, key=lambda each: each.count)
        stands_out = most.count >= STANDS_OUT * sum(each.count for each in parts)
        for each in parts:
            _unite(tree, merged, (*key, stands_out and each is most), each)
    return sorted(merged.values(), key=lambda each: (-each.count, each.groups[0]))


def _unite(
    tree: PathTree, merged: dict[tuple[object, ...], _Found], key: tuple[object, ...], other: _Found
) -> None:
    """Add groups to those with the same key; their samples stay in the order of the forest."""
    known = merged.setdefault(key, other)
    if known is other:
        return
    known.named = known.named.unite(other.named)
    known.count += other.count
    known.size += other.size
    first, group = known.groups[0], other.groups[0]
    if tree.above[group] == tree.above[first] and tree.label[group] < tree.label[first]:
        known.groups = other.groups + known.groups
        known.samples = [other.samples[0], *known.samples[1:]]
    else:
        known.groups += other.groups
        known.samples = [*known.samples[:-1], other.samples[-1]]


def _row(
    heap: Heap,
    tree: PathTree,
    found: _Found,
    members: memoryview,
    objects: dict[int, Any],
    form: Callable[[object], str],
    *,
    also: tuple[OtherHolder, ...],
    total: int | None,
) -> Path:
    chosen = bytearray(tree.groups)
    for group in found.groups:
        chosen[group] = 1
    retained = None
    if found.count == 1:
        # What one object retains is known of all; what several do together is more than the sum.
        retained = retained_by(heap, found.samples[0])[0]
    elif total is not None:
        wall = core.mark_members(members, tree.group, chosen)
        retained = total - _weigh(heap, heap.graph.reach(heap.roots, blocked=wall))
    above = {tree.above[group] for group in found.groups}
    holder = next(iter(above))
    aged = (
        found.count > 1
        and len(above) == 1
        and holder != NOWHERE
        and tree.count[holder] == 1
        and tree.names[tree.name[holder]] in ORDERED
    )
    # The traversal of a list begins at its end.
    backwards = aged and tree.names[tree.name[holder]] == "list"
    ends = found.samples[::-1] if backwards else found.samples
    return Path(
        path=found.named.text,
        count=found.count,
        size=found.size,
        retained=retained,
        root=found.named.root,
        steps=found.named.steps,
        oldest=form_of(objects, ends[0], form) if aged else "",
        newest=form_of(objects, ends[-1], form) if aged else "",
        also=also,
    )


def _weigh(heap: Heap, marks: memoryview) -> int:
    """Return the shallow bytes of marked nodes."""
    _, size = core.weigh(marks, heap.sizes)
    return size + sum(size - LARGE for node, size in heap.large.items() if marks[node])

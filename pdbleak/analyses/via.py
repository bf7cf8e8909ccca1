"""All instances of a type by the references that hold them, as heapy's `byvia`; keeps no object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak._native import via as core
from pdbleak._native.ints import from_values
from pdbleak.analyses.neighbours import next_for
from pdbleak.analyses.pathtree import kinds_of_types
from pdbleak.analyses.ways import MOST_REFERRERS, ways_to, without_keys
from pdbleak.heap import FRAME_HELD, NAMESPACE
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdbleak.heap import Heap

# References to all members up to which each is named; else groups are, by samples, and as many of these
# groups whose members turn out to differ are named one by one.
MOST_REFERENCES = 20_000
MOST_NAMED = 300
SAMPLES = 32
# Keys that are told apart: the commonest of one kind of dict.
MOST_KEYS = 8
MOST_EITHER = 3
_ATTRIBUTE = compile_apart(r" \.\w+")


@dataclass(frozen=True, slots=True)
class ViaRow:
    """Instances that are referred to in the same ways: `reference` names them, with the types that refer."""

    reference: str
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Via:
    """All instances of a type by what refers to them, most instances first; `omitted` rows are not shown."""

    subject: str
    rows: tuple[ViaRow, ...]
    objects: int
    size: int
    omitted: int
    omitted_objects: int
    next: str


@dataclass(slots=True)
class _Part:
    """Members with one text, while rows are made; `general` is the text without keys."""

    general: str
    count: int = 0
    size: int = 0


def group_via(heap: Heap, subject: str, types: Iterable[str], *, limit: int = 20, near: str = "") -> Via:
    """Group all instances of some types by the set of the references to them. O(references to them).

    A way to be referred to is a name (`.queue`, `['sql']`) with the type that refers; indices are one way,
    and so are the keys of a large dict, or of many small ones. Names are exact where there are up to 20,000
    references in all; of more, instances at the same places of the same types are named by 32 of them.
    """
    members = heap.nodes_of(types)
    if not len(members):
        return Via(subject, (), 0, 0, 0, 0, next_for(near, "via"))
    parts: dict[str, _Part] = {}
    omitted = 0
    if _is_few(heap, members):
        named = _one_by_one(heap, members)
    else:
        groups = _groups(heap, members)
        omitted = max(0, len(groups) - MOST_NAMED)
        named = _by_samples(heap, groups[:MOST_NAMED])
    for ways, count, size in named:
        text = ", ".join(sorted(ways))
        part = parts.setdefault(text, _Part(", ".join(sorted(without_keys(ways)))))
        part.count += count
        part.size += size
    rows = _merge_keys(parts)
    shown = rows[:limit]
    return Via(
        subject=subject,
        rows=shown,
        objects=len(members),
        size=heap.total_size(members),
        omitted=len(rows) - len(shown) + omitted,
        omitted_objects=len(members) - sum(row.count for row in shown),
        next=f"leak paths {subject}",
    )


def _merge_keys(parts: dict[str, _Part]) -> tuple[ViaRow, ...]:
    """Return the rows, most instances first; where there are many keys, the rare ones are `{str}`."""
    alike: dict[str, list[tuple[str, _Part]]] = {}
    for text, part in parts.items():
        alike.setdefault(part.general, []).append((text, part))
    rows: dict[str, tuple[int, int]] = {}
    for general, found in alike.items():
        found.sort(key=lambda item: (-item[1].count, item[0]))
        for place, (text, part) in enumerate(found):
            kept = len(found) <= MOST_KEYS or (place < MOST_KEYS and part.count > 1)
            count, size = rows.get(text if kept else general, (0, 0))
            rows[text if kept else general] = count + part.count, size + part.size
    made = (ViaRow(text, *each) for text, each in rows.items())
    return tuple(sorted(made, key=lambda row: (-row.count, row.reference)))


def _is_few(heap: Heap, members: memoryview) -> bool:
    """Tell whether the references to some nodes are few enough to name each."""
    if len(members) > MOST_REFERENCES:
        return False
    offsets = heap.graph.back_offsets
    return sum(min(offsets[node + 1] - offsets[node], MOST_REFERRERS) for node in members) <= MOST_REFERENCES


def _one_by_one(heap: Heap, nodes: Iterable[int]) -> Iterator[tuple[frozenset[str], int, int]]:
    for node, ways in ways_to(heap, nodes).items():
        yield ways, 1, heap.size(node)


def _groups(heap: Heap, members: memoryview) -> list[tuple[memoryview, int]]:
    """Return (members, bytes) of what is referred to from the same places, most members first."""
    numbers = {name: number for number, name in enumerate(sorted(set(heap.types)))}
    graph = heap.graph
    ends, weights, sorted_members = core.group_by_holders(
        graph.offsets,
        graph.targets,
        graph.back_offsets,
        graph.back_targets,
        members,
        heap.type_of,
        from_values([numbers[name] for name in heap.types], 4),
        heap.sizes,
        bytes(kinds_of_types(heap)),
        heap.flags,
        NAMESPACE,
        FRAME_HELD,
    )
    nodes = memoryview(sorted_members)
    groups = []
    start = 0
    for end, size in zip(memoryview(ends), memoryview(weights), strict=False):
        part = nodes[start:end]
        groups.append((part, heap.total_size(part) if heap.large else size))
        start = end
    return sorted(groups, key=lambda group: (-len(group[0]), group[0][0]))


def _by_samples(
    heap: Heap, groups: list[tuple[memoryview, int]]
) -> Iterator[tuple[frozenset[str], int, int]]:
    """Yield (ways, count, bytes) of groups; one whose samples are referred to in different ways is split.

    Places in a row shift where a slot is empty: then the names decide, for as many members as that is quick.
    """
    sampled = [part[:: -(-len(part) // SAMPLES)] for part, _ in groups]
    ways = ways_to(heap, {node for part in sampled for node in part})
    left = MOST_REFERENCES
    for samples, (part, size) in zip(sampled, groups, strict=True):
        exact = {ways[node] for node in samples}
        general = {without_keys(each) for each in exact}
        left -= len(part) * MOST_REFERRERS if len(general) > 1 else 0
        if len(general) == 1:
            yield (exact if len(exact) == 1 else general).pop(), len(part), size
        elif left > 0:
            yield from _one_by_one(heap, part)
        else:
            yield _either(general), len(part), size


def _either(found: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return one way for members with different ones: of many attributes that there is one."""
    texts = sorted(", ".join(sorted(each)) for each in found)
    if len(texts) > MOST_EITHER:
        texts = sorted({_ATTRIBUTE.sub(" .*", text) for text in texts})
    return frozenset({" or ".join([*texts[:MOST_EITHER], *(["…"] if len(texts) > MOST_EITHER else [])])})

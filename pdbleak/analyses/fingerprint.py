"""How many other objects the same references lead to: those of one type through the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import stop
from pdbleak.analyses.reference_classes import CONTAINERS, MAPPINGS
from pdbleak.heap import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdbleak.heap import Heap

# As many objects of a step, and references of all steps, are followed; there are more then.
MOST_FOLLOWED = 200_000
MOST_REFERENCES = 5_000_000
# In other places of their referrer's row, as many references are named to know theirs.
MOST_NAMED = 500


def count_alike(heap: Heap, path: Sequence[int], start: int, found: dict[int, Any]) -> tuple[int, bool]:
    """Return (how many others of the last one's type the same references lead to, whether that is the least).

    From `path[start]` on, each step leads to all objects of the next one's type under the same name; of a
    container, under any index or key. `found` has the objects of the path. O(references followed).
    """
    reached = {path[start]}
    limited = False
    left = MOST_REFERENCES
    for place, below in enumerate(path[start + 1 :], start):
        kind = heap.type_of[below]
        name = _name(heap, found, path[max(0, place - 1) : place + 2])
        if name and len(reached) == 1:
            reached = {below}
            continue
        following: set[int] = set()
        for node in reached:
            stop.keep_telling()
            if len(following) > MOST_FOLLOWED or left <= 0:
                limited = True
                break
            left -= len(heap.graph.referents(node))
            following.update(_referents(heap, node, kind))
        if name:
            following = _named_so(heap, reached, following, kind, name)
        reached = following | {below}
    return len(reached) - 1, limited


def _referents(heap: Heap, node: int, kind: int) -> Iterable[int]:
    return (each for each in heap.graph.referents(node) if heap.type_of[each] == kind)


def _name(heap: Heap, found: dict[int, Any], part: Sequence[int]) -> str:
    """Return the last reference's name where names tell the references apart, else an empty text."""
    *before, above, below = part
    if above not in found or below not in found:
        return ""
    if heap.type_name(above) in CONTAINERS | MAPPINGS and not heap.has(above, NAMESPACE):
        # A dict that holds the attributes of one object is none of the user's.
        holder = before[0] if before else above
        if holder not in found or ".__dict__" not in names.reference_names(found[holder], found[above]):
            return ""
    return names.reference_names(found[above], found[below])[0]


def _named_so(heap: Heap, reached: set[int], following: set[int], kind: int, name: str) -> set[int]:
    """Return those of the referents that the name leads to: one place in rows of one length has one name."""
    places: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
    for node in reached:
        row = heap.graph.referents(node)
        for place, each in enumerate(row):
            if heap.type_of[each] == kind and each in following:
                places.setdefault((heap.type_of[node], len(row), place), []).append((node, each))
    samples = {key: pairs[0] for key, pairs in list(places.items())[:MOST_NAMED]}
    found = heap.resolve({node for pair in samples.values() for node in pair})
    return {
        below
        for key, (above, example) in samples.items()
        if above in found and example in found
        and name in names.reference_names(found[above], found[example])
        for _, below in places[key]
    }  # fmt: skip

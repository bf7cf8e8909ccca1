"""How big a subject is: by itself, and with all that only it keeps alive; knows no name of a reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak._native import subtrees
from pdbleak._native.ints import from_values
from pdbleak.analyses import retaining
from pdbleak.analyses.dominators import dominate, retained_by
from pdbleak.analyses.neighbours import next_for
from pdbleak.heap import GARBAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.heap import Heap


@dataclass(frozen=True, slots=True)
class Weight:
    """A subject's `size`, the shallow bytes of its `population`, and the `retained` bytes in `objects`.

    Retained is what would be freed with all of them together, exactly; `alone` is the sum of what each
    retains by itself: less, where only several together keep something. `whole` bytes are in the heap;
    `garbage` of the population are unreachable. `address` and `form` are those of a single object.
    """

    subject: str
    handle: str
    address: int
    form: str
    population: int
    garbage: int
    size: int
    retained: int
    objects: int
    alone: int
    whole: int
    next: str


def weigh_object(heap: Heap, node: int, *, handle: str, form: str) -> Weight:
    """Return the size of one object and what it retains. O(1) after the dominators, O(V + E) for garbage."""
    retained, objects = retained_by(heap, node)
    return Weight(
        subject=heap.type_name(node),
        handle=handle,
        address=heap.addresses[node],
        form=form,
        population=1,
        garbage=int(heap.has(node, GARBAGE)),
        size=heap.size(node),
        retained=retained,
        objects=objects,
        alone=retained,
        whole=_whole(heap),
        next=f"leak top {handle}" if objects > 1 else f"leak chain {handle}",
    )


def weigh_types(heap: Heap, types: Sequence[str], *, subject: str, near: str = "") -> Weight:
    """Return the size of all objects of some types and what they retain together. O(V + E).

    Together is no sum: what two of them hold is freed with both. Two searches tell it, one without them from
    the roots, and one from them for what the first has missed.
    """
    nodes = heap.nodes_of(types)
    tree = dominate(heap)
    objects, retained = retaining.retained_by(heap, nodes)
    outer = tree.outermost(memoryview(from_values(nodes, 4)))
    alone, _ = subtrees.weigh(outer, tree.retained, tree.objects)
    return Weight(
        subject=subject,
        handle="",
        address=0,
        form="",
        population=len(nodes),
        garbage=sum(heap.has(node, GARBAGE) for node in nodes),
        size=heap.total_size(nodes),
        retained=retained,
        objects=objects,
        alone=alone,
        whole=_whole(heap),
        next=f"leak top {subject}" if nodes else next_for(near, "size"),
    )


def _whole(heap: Heap) -> int:
    tree = dominate(heap)
    return int(tree.retained[tree.root])

"""The dominator tree cut back to its big branches, siblings of a type as one; knows no name and no object.

As in MAT's dominator tree: the heaviest child is followed down while it keeps most, and where it drops is the
point where the bytes accumulate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from pdbleak._native import subtrees
from pdbleak._native.ints import from_values
from pdbleak.analyses.dominators import Dominators, dominate, kinds_of

if TYPE_CHECKING:
    from pdbleak.heap import Heap

# What is less of the heap is not looked at.
LEAST_SHARE = 0.001
# The heaviest child is followed while it keeps that much of the one above it.
KEEPS = 0.7
# A sibling that retains so much of all of its type stands alone.
ALONE = 0.1
MOST_BRANCHES = 1000
# A way that goes on after so many steps is a list of its own kind (a linked list), and is cut short.
FAMILIAR, LONGEST = 6, 24


@dataclass(slots=True)
class Bough:
    """Nodes of one type under the same ones, while the tree grows; `skipped` steps are left out above it.

    `deeper` steps lead on from it, each keeping most, and are not followed; `omitted` children, which
    retain `omitted_retained` bytes, are too small or too many. `namespace` bytes are a dict's that was taken
    for a part of it.
    """

    nodes: memoryview
    retained: int
    objects: int
    followed: int = 0
    skipped: int = 0
    deeper: int = 0
    omitted: int = 0
    omitted_retained: int = 0
    namespace: int = 0
    children: list[Bough] = field(default_factory=list)

    @property
    def gathers(self) -> bool:
        """Whether what it retains accumulates here: no single child keeps most of it."""
        return not self.children or not _keeps(self, self.children[0])


def _keeps(above: Bough, below: Bough) -> bool:
    return len(above.nodes) == 1 == len(below.nodes) and below.retained >= KEEPS * above.retained


def grow(heap: Heap, nodes: memoryview, *, children: bool = True, whole: int = 0) -> Bough:
    """Grow the tree below some nodes, of which none dominates another, the heaviest branch first.

    Without `children`, the nodes are themselves the first branches. `whole` is the bytes that shares refer
    to, the heap's by default. O(V) in all, since no node is looked at twice.
    """
    dominators = dominate(heap)
    grower = _Grower(
        dominators,
        heap.type_of,
        kinds_of(heap),
        memoryview(from_values(range(len(heap.types)), 4)),
        max(1, int(LEAST_SHARE * (whole or dominators.retained[dominators.root]))),
    )
    retained, objects = subtrees.weigh(nodes, dominators.retained, dominators.objects)
    top = Bough(nodes, retained, objects)
    queue: list[tuple[int, int, Bough]] = []
    used = 0
    if children:
        heappush(queue, (0, 0, top))
    else:
        top.children = grower.divide(nodes, top)
        used = len(top.children)
        for place, bough in enumerate(top.children):
            heappush(queue, (-bough.retained, place, bough))
    while queue:
        _, _, bough = heappop(queue)
        if used >= MOST_BRANCHES:
            bough.omitted = len(dominators.children_of(bough.nodes))
            bough.omitted_retained = bough.retained
            continue
        bough.children = grower.below(bough)
        for child in bough.children:
            used += 1
            heappush(queue, (-child.retained, used, child))
    return top


@dataclass(frozen=True, slots=True)
class _Grower:
    """What growing needs: the tree, the types by node, a number for each type's name, and the least bytes."""

    dominators: Dominators
    type_of: memoryview
    kinds: memoryview
    all_kinds: memoryview
    least: int

    def below(self, bough: Bough) -> list[Bough]:
        """Return the branches below one; cut a long way of single steps short."""
        tree = self.dominators
        if bough.followed >= FAMILIAR:
            way = tree.way_down(bough.nodes[0], share=KEEPS)
            if len(way) > LONGEST:
                last = way[-1]
                if 2 * tree.retained[last] < bough.retained:
                    bough.deeper = len(way) - 1
                    return []
                skipped = len(way) - 2
                return [Bough(way[-1:], tree.retained[last], tree.objects[last], skipped=skipped)]
        boughs = self.divide(tree.children_of(bough.nodes), bough)
        if boughs and _keeps(bough, boughs[0]):
            boughs[0].followed = bough.followed + 1
        return boughs

    def divide(self, nodes: memoryview, above: Bough) -> list[Bough]:
        """Group nodes by type, without those that stand alone; note in `above` what is left out."""
        tree = self.dominators
        parts = subtrees.partition(nodes, self.type_of, self.kinds, tree.retained, tree.objects)
        offsets, ordered, weights, counts = (memoryview(part) for part in parts)
        boughs: list[Bough] = []
        for kind in subtrees.heavier(self.all_kinds, weights, self.least)[0]:
            members = ordered[offsets[kind] : offsets[kind + 1]]
            least = max(self.least, int(ALONE * weights[kind]))
            alone, rest = tree.heavier(members, least)
            retained, objects = weights[kind], counts[kind]
            for place, node in enumerate(alone):
                boughs.append(Bough(alone[place : place + 1], tree.retained[node], tree.objects[node]))
                retained -= tree.retained[node]
                objects -= tree.objects[node]
            if retained >= self.least:
                boughs.append(Bough(rest, retained, objects))
        above.omitted = len(nodes) - sum(len(bough.nodes) for bough in boughs)
        whole, _ = subtrees.weigh(nodes, tree.retained, tree.objects)
        above.omitted_retained = whole - sum(bough.retained for bough in boughs)
        return sorted(boughs, key=lambda bough: -bough.retained)

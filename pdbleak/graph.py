"""The heap graph over numbered nodes; knows no live object and no type."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pdbleak._native import algorithms, dominators
from pdbleak._native.ints import from_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdbleak._native.algorithms import Array


@dataclass(frozen=True, slots=True)
class Graph:
    """Both directions of every reference, as compressed rows of 32-bit node numbers.

    Node v refers to `targets[offsets[v]:offsets[v + 1]]`, with repetitions, and is referred to by
    `back_targets[back_offsets[v]:back_offsets[v + 1]]`.
    """

    offsets: memoryview
    targets: memoryview
    back_offsets: memoryview
    back_targets: memoryview

    @property
    def nodes(self) -> int:
        """The number of nodes."""
        return len(self.offsets) - 1

    @property
    def references(self) -> int:
        """The number of references."""
        return len(self.targets)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the graph takes."""
        return sum(part.nbytes for part in (self.offsets, self.targets, self.back_offsets, self.back_targets))

    def referents(self, node: int) -> memoryview:
        """Return the nodes that a node refers to."""
        return self.targets[self.offsets[node] : self.offsets[node + 1]]

    def referrers(self, node: int) -> memoryview:
        """Return the nodes that refer to a node."""
        return self.back_targets[self.back_offsets[node] : self.back_offsets[node + 1]]

    @property
    def unblocked(self) -> bytes:
        """A mark for every node, none set."""
        return bytes(self.nodes)

    def reach(self, starts: Iterable[int], *, blocked: Array | None = None) -> memoryview:
        """Return a byte per node: 1 where `starts` lead to without entering a blocked node. O(V + E)."""
        if blocked is None:
            blocked = self.unblocked
        return memoryview(algorithms.reach(self.offsets, self.targets, starts, blocked))

    def path_from(self, ends: Array, node: int, *, deferred: Array | None = None) -> list[int]:
        """Return a shortest path from a marked node down to `node`, both included; empty if there is none.

        Deferred nodes are passed only where there is no other way. O(V + E).
        """
        if deferred is None:
            deferred = self.unblocked
        return algorithms.nearest(self.back_offsets, self.back_targets, node, ends, deferred)[::-1]

    def components(self, *, barrier: Array | None = None) -> tuple[memoryview, int]:
        """Return (component of every node, how many), 0 for nodes on no cycle; Tarjan 1972. O(V + E).

        Nodes marked in `barrier` are treated as absent.
        """
        if barrier is None:
            barrier = self.unblocked
        component, count = algorithms.components(self.offsets, self.targets, barrier)
        return memoryview(component), count

    def dominators(self, roots: Array) -> tuple[memoryview, memoryview]:
        """Return (immediate dominator of every node, order), over a virtual root above `roots`. O(E log V).

        The virtual root is numbered as the count of nodes; `order` has it first, then each node after its
        dominator. What no root leads to hangs on it too. Semi-NCA, Georgiadis 2005.
        """
        parents, order = dominators.dominate(
            self.offsets, self.targets, self.back_offsets, self.back_targets, roots
        )
        return memoryview(parents), memoryview(order)

    def retained(self, node: int, roots: Sequence[int] | memoryview) -> memoryview:
        """Return the nodes that would be unreachable without a node, itself included. O(V + E).

        What the node leads to, less what the roots lead to without entering it. For a node that no
        root leads to, these are the nodes that only it keeps from the rest: all it leads to that is
        not alive otherwise.
        """
        return self.retained_together([node], roots)

    def retained_together(
        self, nodes: Sequence[int] | memoryview, roots: Sequence[int] | memoryview
    ) -> memoryview:
        """Return the nodes that would be unreachable without some nodes, these included. O(V + E).

        No sum of what each retains: what two of them hold is freed only with both.
        """
        wall = algorithms.marked(self.nodes, nodes)
        alive = self.reach(roots, blocked=wall)
        return memoryview(algorithms.positions(self.reach(nodes, blocked=alive)))


def from_edges(nodes: int, edges: Iterable[tuple[int, int]]) -> Graph:
    """Make a graph of (referrer, referent) pairs. O(V + E)."""
    rows: list[list[int]] = [[] for _ in range(nodes)]
    for referrer, referent in edges:
        rows[referrer].append(referent)
    offsets = memoryview(from_values([0, *accumulate(map(len, rows))], 4))
    targets = memoryview(from_values([referent for row in rows for referent in row], 4))
    back_offsets, back_targets = algorithms.reverse(offsets, targets)
    return Graph(offsets, targets, memoryview(back_offsets), memoryview(back_targets))

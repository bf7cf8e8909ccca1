"""The naive twin of every algorithm of the core, on sets and dicts: slow, and too plain to be wrong."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arrows import Edges


def reach(edges: Edges, starts: Iterable[int], blocked: Sequence[int]) -> set[int]:
    """Return what starts lead to, by repeating until nothing is new."""
    met = {start for start in starts if not blocked[start]}
    while True:
        more = {below for above, below in edges if above in met and not blocked[below]} - met
        if not more:
            return met
        met |= more


def components(nodes: int, edges: Edges, barrier: Sequence[int]) -> set[frozenset[int]]:
    """Return the sets of nodes that lead to each other, and those that refer to themselves."""
    kept = [(above, below) for above, below in edges if not barrier[above] and not barrier[below]]
    below = {node: reach(kept, [node], bytes(nodes)) for node in range(nodes)}
    found = {frozenset(other for other in below[node] if node in below[other]) for node in range(nodes)}
    return {group for group in found if len(group) > 1 or (min(group), min(group)) in kept}


def fewest_deferred(
    nodes: int, edges: Edges, start: int, ends: Sequence[int], deferred: Sequence[int]
) -> int | None:
    """Return how many deferred nodes must be passed between the start and the nearest end; None: no way."""
    if ends[start]:
        return 0
    drawn = nx.DiGraph()
    drawn.add_nodes_from(range(nodes))
    drawn.add_weighted_edges_from(
        (above, below, 0 if ends[below] else deferred[below]) for above, below in edges
    )
    costs = nx.single_source_dijkstra_path_length(drawn, start)
    return min((int(cost) for node, cost in costs.items() if ends[node]), default=None)


def retained(nodes: int, edges: Edges, node: int, roots: Iterable[int]) -> set[int]:
    """Return what dies with a node: its closure less what the roots reach once it is removed."""
    without = [(above, below) for above, below in edges if node not in (above, below)]
    alive = reach(without, set(roots) - {node}, bytes(nodes))
    return reach(edges, [node], bytes(nodes)) - alive


def shape(edges: Edges, members: Iterable[int], types: Sequence[int]) -> tuple[object, ...]:
    """Return how many objects of each type there are, and references between each two types."""
    inside = set(members)
    objects = Counter(types[node] for node in inside)
    references = Counter(
        (types[above], types[below]) for above, below in edges if above in inside and below in inside
    )
    return frozenset(objects.items()), frozenset(references.items())

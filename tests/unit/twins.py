"""The naive twin of every algorithm of the core, on sets and dicts: slow, and too plain to be wrong."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arrows import Edges

NOWHERE = 0xFFFFFFFF
Steps = tuple[tuple[int | str, int], ...]


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


def forest(
    rows: Sequence[Sequence[int]], ranks: Sequence[Sequence[int]], deferred: Sequence[int], patient: int
) -> tuple[list[int], list[int], list[int]]:
    """Return (parents, places, order): rank by rank, what is deferred as late as it may be."""
    parents, places, order = [NOWHERE] * len(rows), [0] * len(rows), []
    ready: list[int] = []
    later: list[int] = []

    def meet(node: int, parent: int, place: int) -> None:
        if parents[node] == NOWHERE:
            parents[node], places[node] = parent, place
            (later if deferred[node] else ready).append(node)

    label = 0
    for number in range(len(ranks) + 1):
        if number >= patient:
            _follow(rows, ready, order, meet)
            while later:
                ready += later
                later.clear()
                _follow(rows, ready, order, meet)
        if number < len(ranks):
            for node in ranks[number]:
                meet(node, node, label)
                label += 1
            _follow(rows, ready, order, meet)
    return parents, places, order


def _follow(rows: Sequence[Sequence[int]], ready: list[int], order: list[int], meet: Any) -> None:
    while ready:
        node = ready.pop(0)
        order.append(node)
        for place, below in enumerate(rows[node]):
            meet(below, node, place)


def merged(
    rows: Sequence[Sequence[int]],
    grown: Sequence[Sequence[int]],
    types: Sequence[int],
    kinds: Sequence[int],
    flags: Sequence[int],
    furniture: Sequence[int],
    names: Sequence[int],
    roles: Sequence[int],
) -> list[int]:
    """Return the group of every node: its path as a tuple of steps, of which none repeats an earlier one."""
    parents, places, order = grown
    path: dict[int, Steps] = {}
    # A group is of the kind of its first member: types with one name may differ in it.
    kind_of: dict[Steps, int] = {}
    for node in order:
        parent, name = parents[node], names[types[node]]
        codes = [below for below in rows[node] if roles[types[below]] == 2]
        told = name, codes[0] if codes and roles[types[node]] == 1 else None
        if parent == node:
            path[node] = ((f"root {places[node]}", told),)
            kind_of.setdefault(path[node], kinds[types[node]])
            continue
        kind, inside = kinds[types[parent]], flags[parent] & 16
        label: int | str = places[node]
        if furniture[types[node]] and (inside or flags[parents[parent]] & 32):
            label = "any"
        elif kind != 2 and name == names[types[parent]]:
            label = "same"
        elif kind == 1 or (kind == 2 and not inside and len(rows[parent]) > 32):
            label = "any"
        elif kind == 0 and len(rows[parent]) <= 16 and not furniture[types[parent]]:
            label = f"{label} of {len(rows[parent])}"
        path[node] = _next(path[parent], label, told, kind_of)
        kind_of.setdefault(path[node], kinds[types[node]])
    numbers: dict[object, int] = {}
    groups = [NOWHERE] * len(rows)
    for node in order:
        groups[node] = numbers.setdefault(path[node], len(numbers))
    return groups


def _next(above: Steps, label: int | str, name: object, kind_of: dict[Steps, int]) -> Steps:
    """Return the path one step on, or the part of it that ends alike, back to a record or for four steps."""
    if label == "same" == above[-1][0] and above[-1][1] == name:
        return above
    for length in range(len(above), 1, -1):
        if above[length - 1] == (label, name) and _is_alike(above, above[: length - 1], kind_of):
            return above[:length]
    return (*above, (label, name))


def _is_alike(below: Steps, above: Steps, kind_of: dict[Steps, int]) -> bool:
    for _ in range(4):
        if below[-1][1] != above[-1][1]:
            return False
        if kind_of[below] == 0:
            return True
        if below[-1][0] != above[-1][0] or len(above) == 1:
            # The fourth step's own name does not count any more.
            return _ == 3
        below, above = below[:-1], above[:-1]
    return True

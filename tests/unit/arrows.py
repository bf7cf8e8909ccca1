"""Heap graphs drawn as arrows, or at random; knows nothing of live objects.

drawn = graph("root -> a -> b; a -> c")
drawn.graph.referents(drawn["a"])
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import strategies

from pdbleak.graph import Graph, from_edges

if TYPE_CHECKING:
    from collections.abc import Iterable

Edges = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A graph whose nodes have names, numbered in the order of their first mention."""

    graph: Graph
    names: tuple[str, ...]

    def __getitem__(self, name: str) -> int:
        """Return a name's node."""
        return self.names.index(name)

    def __call__(self, nodes: Iterable[int]) -> str:
        """Return the names of nodes, in their order, with a space between."""
        return " ".join(self.names[node] for node in nodes)

    def marks(self, names: str) -> bytes:
        """Return a byte per node: 1 for the named ones."""
        return bytes(name in names.split() for name in self.names)


def graph(text: str) -> Drawn:
    """Draw a graph: `a -> b -> c; a -> c` refers from a to b and c, from b to c; a lone name is a node."""
    names: list[str] = []
    edges: Edges = []
    for path in text.split(";"):
        mentioned = [name.strip() for name in path.split("->")]
        names += [name for name in dict.fromkeys(mentioned) if name not in names]
        edges += [(names.index(above), names.index(below)) for above, below in pairwise(mentioned)]
    return Drawn(from_edges(len(names), edges), tuple(names))


@strategies.composite
def drawings(draw: strategies.DrawFn, most: int = 24) -> tuple[int, Edges]:
    """Draw (number of nodes, edges), with repetitions and self-references."""
    nodes = draw(strategies.integers(1, most))
    node = strategies.integers(0, nodes - 1)
    return nodes, draw(strategies.lists(strategies.tuples(node, node), max_size=3 * nodes))


def subsets(draw: strategies.DrawFn, nodes: int) -> bytes:
    """Draw a byte per node, 0 or 1."""
    return bytes(draw(strategies.lists(strategies.booleans(), min_size=nodes, max_size=nodes)))

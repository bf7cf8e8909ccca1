"""Small heaps drawn as text or at random, held by one name of this module; knows nothing of pdbleak.

held = draw("a -> b -> c; c -> a")      three nodes on a cycle; HELD leads to none of them
HELD["a"] = held.pop("a")
"""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

HELD: dict[str, Any] = {}
# Held here: the interpreter's cache of attribute lookups holds names for an unknown while.
ATTRIBUTES = tuple(f"to{number}" for number in range(200))


class Node:
    """A node of a drawing, which refers to others by attributes of their names: without a dict."""

    __slots__ = (*"abcdefgh", "near", "__weakref__")


class Wild:
    """A node whose attributes come in any order, so that it has a dict."""


class Slotted:
    """A node with slots, and no dict."""

    __slots__ = ("__weakref__", "left", "right")


class Finalized:
    """A node with a finalizer."""

    def __del__(self) -> None:
        """Do nothing."""


class Revived:
    """A node that its finalizer brings back to life."""

    def __del__(self) -> None:
        """Live on."""
        HELD.setdefault("revived", []).append(self)


def draw(text: str, *, kind: type = Node) -> dict[str, Any]:
    """Return the nodes of a drawing by name: `a -> b; a -> c` refers from a to b and c."""
    nodes: dict[str, Any] = {}
    for path in text.split(";"):
        names = [name.strip() for name in path.split("->")]
        for name in names:
            if name not in nodes:
                nodes[name] = kind()
        for above, below in pairwise(names):
            setattr(nodes[above], below, nodes[below])
    return nodes


def hold(text: str, *names: str, kind: type = Node) -> None:
    """Draw, and hold the named nodes: what they do not lead to is garbage."""
    nodes = draw(text, kind=kind)
    HELD.update((name, nodes[name]) for name in names)


def closure_over(*items: Any) -> Any:
    """Return a function that refers to some objects."""
    return lambda: items


def build_random(rng: Random, count: int = 30, edges: int = 60) -> None:
    """Hold a random tangle: HELD['top'] leads to a part that only it holds, HELD['others'] to the rest.

    Dicts, lists, instances, slots, closures and tuples refer to each other at random; nothing outside of
    the top's own part refers to the top.
    """
    makers = (dict, list, Wild, Slotted, set, _open_closure)
    nodes = [Wild(), *(rng.choice(makers)() for _ in range(count - 1))]
    links: dict[int, set[int]] = {index: set() for index in range(count)}
    for _ in range(edges):
        referrer, referent = rng.randrange(count), rng.randrange(1, count)
        if _refer(nodes[referrer], nodes[referent], rng):
            links[referrer].add(referent)
    others = rng.sample(range(1, count), 3)
    shared = set(others)
    waiting = list(others)
    while waiting:
        for below in links[waiting.pop()] - shared:
            shared.add(below)
            waiting.append(below)
    for index in range(1, count):
        if index not in shared and rng.random() < 0.2:
            _refer(nodes[index], nodes[0], rng)
    HELD["others"] = [nodes[index] for index in others]
    HELD["top"] = nodes[0]


def _open_closure() -> Any:
    inside: list[Any] = []
    return lambda: inside


def _refer(referrer: Any, referent: Any, rng: Random) -> bool:
    kind = type(referrer)
    if kind is dict:
        referrer[rng.choice(("x", "y", 7, (1, 2)))] = (
            (referent, rng.random()) if rng.random() < 0.3 else referent
        )
    elif kind is list:
        referrer.append(referent)
    elif kind is Wild:
        number = len(vars(referrer)) if rng.random() < 0.1 else rng.randrange(9)
        setattr(referrer, ATTRIBUTES[number], referent)
    elif kind is Slotted:
        setattr(referrer, rng.choice(("left", "right")), referent)
    elif kind is set:
        if type(referent) not in (Wild, Slotted):
            return False
        referrer.add(referent)
    else:
        referrer.__closure__[0].cell_contents.append(referent)
    return True


def leak_in_c(kind: type, text: str = "a") -> int:
    """Draw, and leave one reference to the first node with nobody; return its address."""
    nodes = draw(text, kind=kind)
    item = nodes[text.partition(" ")[0]]
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(item))
    return id(item)


def repair(address: int) -> None:
    """Give the reference back that `leak_in_c` left."""
    ctypes.pythonapi.Py_DecRef(ctypes.cast(address, ctypes.py_object))


def build_mesh(count: int, width: int) -> Any:
    """Return one node of a mesh in which every node refers to the next ones."""
    nodes = [Node() for _ in range(count)]
    for index, node in enumerate(nodes):
        node.near = [nodes[(index + step) % count] for step in range(1, width + 1)]
    return nodes[0]


def build_ring(count: int) -> Any:
    """Return a node of a doubly linked list that closes to a ring."""
    first = last = Slotted()
    for _ in range(count - 1):
        node = Slotted()
        node.left = last
        last.right = node
        last = node
    last.right = first
    first.left = last
    return first

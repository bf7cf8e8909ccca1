"""Random live heaps of many kinds of objects, one of them to be cut; knows nothing of pdbleak."""

from __future__ import annotations

import weakref
from collections import OrderedDict, defaultdict, deque
from typing import TYPE_CHECKING, Any

import drawing
from drawing import ATTRIBUTES, Slotted, Wild

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


class Both:
    """A node with a slot and a dict."""

    __slots__ = ("__dict__", "__weakref__", "slot")


class Mapping(dict):  # type: ignore[type-arg]
    """A dict with attributes, whose methods must not be called."""

    def __delitem__(self, key: object) -> None:
        """Refuse: a cut goes below it."""
        raise AssertionError(key)


MAKERS: tuple[Callable[[], Any], ...] = (
    *(Wild, Wild, Slotted, Both, dict, OrderedDict, list, list, set, deque, Mapping),
    *(weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet, lambda: defaultdict(list)),
)
WEAK = (Wild, Slotted, Both)


def build(rng: Random, count: int = 40, edges: int = 110) -> list[Any]:
    """Hold a random tangle by a few names of HELD, and return its nodes; HELD['wild'] leads to all roots.

    Keys, indices and attributes are new objects of their own, so that what dies with an entry shows.
    """
    nodes = [Wild(), *(rng.choice(MAKERS)() for _ in range(count - 1))]
    for _ in range(edges):
        refer(rng.choice(nodes), rng.choice(nodes), rng)
    drawing.HELD["wild"] = {f"root {number}": rng.choice(nodes[1:]) for number in range(rng.randrange(2, 9))}
    drawing.HELD["wild"]["subject"] = [rng.choice(nodes[1:]), nodes[0]]
    for _ in range(rng.randrange(3)):
        refer(rng.choice(nodes[1:]), nodes[0], rng)
    return nodes


def new_key(rng: Random) -> Any:
    """Return a key that nothing else refers to."""
    return rng.choice((f"key {rng.random()}", rng.randrange(10**6, 10**7), (rng.random(), f"{rng.random()}")))


def refer(referrer: Any, referent: Any, rng: Random) -> None:
    """Let a node refer to another in one of the ways of its kind, if it can."""
    kind = type(referrer)
    if rng.random() < 0.15:
        referent = rng.choice(((referent, rng.random()), [referent] * 2, {new_key(rng): referent}))
    if kind in (Wild, Both) or (kind is Mapping and rng.random() < 0.4):
        setattr(referrer, ATTRIBUTES[rng.randrange(6)], referent)
    elif kind is Slotted:
        setattr(referrer, rng.choice(("left", "right")), referent)
    elif kind in (dict, Mapping, defaultdict, OrderedDict):
        (OrderedDict if kind is OrderedDict else dict).__setitem__(referrer, new_key(rng), referent)
    elif kind in (list, deque):
        referrer.append(referent)
    elif kind is set and type(referent) in WEAK:
        referrer.add(referent)
    elif kind is weakref.WeakKeyDictionary and type(referent) in WEAK:
        # The value may lead back to its key: then the key lives as long as the dict.
        referrer[referent] = rng.choice(
            ([rng.random()], Wild(), rng.choice(list(drawing.HELD.values()) or [()]))
        )
    elif kind is weakref.WeakValueDictionary and type(referent) in WEAK:
        referrer[new_key(rng)] = referent
    elif kind is weakref.WeakSet and type(referent) in WEAK:
        referrer.add(referent)

"""What weak containers let go of when an object dies, which no reference in the graph shows."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

from pdbleak.names.attributes import attributes
from pdbleak.names.types import is_kind, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.heap import Heap

_target_of = weakref.ref.__call__
# (when this node dies, this node's, reference at this place of the graph's targets is removed)
Rule = tuple[int, int, int]


def weak_rules(heap: Heap) -> list[Rule]:
    """Return what the weak dicts and sets of the library remove when a key, value or element dies; sorted.

    O(entries), and a walk for the containers.
    """
    found: list[Rule] = []
    for container in heap.resolve(heap.nodes_of(_container_types())).values():
        data = next((value for name, value in attributes(container) if name == "data"), None)
        node = heap.node_of(data)
        if node is not None:
            found += _rules_of(heap, node, data)
    return sorted(found)


def referent_of(reference: weakref.ref[Any]) -> int:
    """Return the address of what a weak reference refers to, 0 if that is dead."""
    item = _target_of(reference)
    return 0 if item is None else id(item)


def places_in(heap: Heap, node: int) -> dict[int, list[int]]:
    """Return {referent: the places of the references to it} of one node. O(references)."""
    places: dict[int, list[int]] = {}
    first = heap.graph.offsets[node]
    for place, referent in enumerate(heap.graph.referents(node).tolist(), first):
        places.setdefault(referent, []).append(place)
    return places


def _container_types() -> set[str]:
    """Return the names of the weak containers' classes and of what inherits from them."""
    names: set[str] = set()
    for module, wanted in (
        ("weakref", ("WeakKeyDictionary", "WeakValueDictionary")),
        ("_weakrefset", ("WeakSet",)),
    ):
        namespace = getattr(sys.modules.get(module), "__dict__", {})
        waiting = [namespace[name] for name in wanted if is_kind(namespace.get(name), type)]
        names |= {type_name(cls) for cls in waiting}
        while waiting:
            below = type.__subclasses__(waiting.pop())
            names |= {type_name(cls) for cls in below}
            waiting += below
    return names


def _rules_of(heap: Heap, node: int, data: Any) -> Iterator[Rule]:
    places = places_in(heap, node)
    for entry in _entries(data):
        reference = next((each for each in entry if is_kind(each, weakref.ref)), None)
        if reference is None:
            continue
        trigger = heap.node_at(referent_of(reference))
        if trigger is None:
            continue
        for each in entry:
            below = heap.node_at(id(each))
            if below is not None and places.get(below):
                yield trigger, node, places[below].pop()


def _entries(data: Any) -> Iterator[tuple[Any, ...]]:
    if is_kind(data, dict):
        yield from list(dict.items(data))
    elif is_kind(data, set):
        yield from [(element,) for element in set.__iter__(data)]

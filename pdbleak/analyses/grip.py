"""By what and under which name an object is held by its dominator, in words; knows no tree and no bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak.analyses.dominators import dominate
from pdbleak.analyses.neighbours import form_of, reference_text
from pdbleak.analyses.roots import describe_root
from pdbleak.heap import MODULE, NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdbleak.heap import Heap

# So many modules are asked which dict is sys.modules; so many referrers are looked at.
WITNESSES, REFERRERS = 20, 20_000
SHARED = "held from several sides"
SEVERAL = ("modules", "several places")


def passed_through(heap: Heap) -> bytearray:
    """Return a mark for what holds nearly everything, and explains nothing: modules, and what holds them."""
    key = "passed_through"
    if key not in heap._cache:  # noqa: SLF001 - what is computed from a heap is kept with it
        passed = bytearray(heap.marks(MODULE | NAMESPACE))
        for node in _module_index(heap):
            passed[node] = 1
        heap._cache[key] = passed  # noqa: SLF001
    found: bytearray = heap._cache[key]  # noqa: SLF001
    return found


def _module_index(heap: Heap) -> Iterator[int]:
    """Yield sys.modules: the dict that refers to module after module; a saved heap cannot tell otherwise."""
    seen: dict[int, int] = {}
    witnesses = 0
    for node in heap.nodes_of(["module"])[:WITNESSES]:
        witnesses += 1
        for referrer in set(heap.graph.referrers(node)[:REFERRERS]):
            if heap.type_name(referrer) == "dict" and not heap.has(referrer, NAMESPACE):
                seen[referrer] = seen.get(referrer, 0) + 1
    yield from (node for node, count in seen.items() if 2 * count > witnesses)


def needed_for(heap: Heap, node: int) -> Iterator[int]:
    """Yield the nodes whose objects tell how a node is held: itself, its dominator, and that one's module."""
    yield node
    above = dominate(heap).parents[node]
    if above < heap.graph.nodes:
        yield above
        if heap.has(above, NAMESPACE):
            yield from _module_of(heap, above)


def _module_of(heap: Heap, namespace: int) -> tuple[int, ...]:
    modules = (node for node in heap.graph.referrers(namespace)[:REFERRERS] if heap.has(node, MODULE))
    return tuple(modules)[:1]


def held_where(heap: Heap, nodes: Iterable[int], found: dict[int, Any]) -> str:
    """Return what holds some nodes that no listed object dominates: 'module broker', 'held by C'.

    Empty for what an object dominates. Several answers are one of `SEVERAL`.
    """
    places = dict.fromkeys(_place(heap, node, found) for node in nodes)
    if len(places) <= 1:
        return next(iter(places), "")
    return SEVERAL[0] if all(place.startswith("module") for place in places) else SEVERAL[1]


def _place(heap: Heap, node: int, found: dict[int, Any]) -> str:
    above = dominate(heap).parents[node]
    if above == heap.graph.nodes:
        return describe_root(heap, node).removeprefix("root: ") or SHARED
    if heap.has(above, NAMESPACE):
        return next((form_of(found, module) for module in _module_of(heap, above)), "a module")
    if heap.has(above, MODULE):
        return form_of(found, above)
    return "sys.modules" if passed_through(heap)[above] else ""


def held_as(heap: Heap, nodes: Iterable[int], found: dict[int, Any]) -> str:
    """Return by which reference their dominators hold some nodes: `.queue`, `[*]`; '' where none does itself.

    What two of an object's referents refer to is dominated by it without a reference.
    """
    pairs = []
    for node in nodes:
        above = dominate(heap).parents[node]
        if above < heap.graph.nodes and above in heap.graph.referrers(node)[:REFERRERS]:
            pairs.append((above, node))
    if not pairs:
        return ""
    first, node = pairs[0]
    if heap.has(first, NAMESPACE) and len(pairs) == 1 and first in found and node in found:
        return ", ".join(map(as_attribute, names.reference_names(found[first], found[node])))
    return reference_text(found, *zip(*pairs, strict=True))


def as_attribute(name: str) -> str:
    """Return `.queue` for the key `['queue']` of a namespace, any other name as it is."""
    inside = name[2:-2]
    return f".{inside}" if name.startswith("['") and inside.isidentifier() else name

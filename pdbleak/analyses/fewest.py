"""The fewest references to remove so that an object dies, and where they are stored; removes none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from pdbleak._native import referents
from pdbleak._native.cut import choke_point, minimum_cut
from pdbleak._native.ints import from_values
from pdbleak.analyses.places import Place, is_removable_kind, obstacle_of_library, places_of, reason_of
from pdbleak.analyses.weak import places_in
from pdbleak.heap import IMMORTAL, MODULE, ROOT, TYPE
from pdbleak.names.attributes import namespace_of
from pdbleak.names.types import all_classes, is_kind, type_name

if TYPE_CHECKING:
    from pdbleak.heap import Heap

MOST = 6
# How often a search is done again without what cannot be removed, and how often from further up.
MOST_TRIES = 12
NEAR = 32
NOWHERE = 0xFFFFFFFF
LRU_CACHE, LRU_LINK = "functools._lru_cache_wrapper", "functools._lru_list_elem"
_read_type_dict = type.__dict__["__dict__"].__get__


@dataclass(frozen=True, slots=True)
class Held:
    """The references from one object to another: how many, where they are stored, why they must stay ('').

    Its places hold live objects: it lives as long as one command runs.
    """

    referrer: int
    referent: int
    count: int
    places: tuple[Place, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Fewest:
    """The references to remove: `number` of them, more than MOST without saying which, -1 where none helps.

    `choke` is the node through which every way leads to them, or -1. `way` leads from there or from a root
    down to the object over what cannot be cut. `stuck` are references nearer to it that cannot be removed.
    """

    number: int
    held: tuple[Held, ...]
    choke: int
    way: tuple[int, ...] = ()
    stuck: tuple[Held, ...] = ()

    @property
    def is_removable(self) -> bool:
        """Whether all of them can be removed."""
        return bool(self.held) and not any(each.reason for each in self.held)


def fewest_references(heap: Heap, node: int) -> Fewest:
    """Return the smallest set of references below an object's choke point without which it dies.

    Above the choke point a single reference may do, but all dies that hangs on it. Where the nearest set
    cannot be removed, that of the choke point is taken, and so on upwards; where none can be, the nearest.
    O(V + E), a few times.
    """
    roots = heap.marks(ROOT | IMMORTAL)
    firm = _firm_types(heap)
    first: Fewest | None = None
    subject = node
    for _ in range(MOST_TRIES):
        choke = choke_point(heap.graph.back_offsets, heap.graph.back_targets, subject, roots)
        found = _below(heap, subject, choke, roots, firm)
        first = first or found
        if found.is_removable or found.number > MOST or heap.recall is not None:
            return replace(found, stuck=() if found is first else first.held)
        if choke < 0 or roots[choke]:
            break
        subject = _lift(heap, choke, firm, roots)
    assert first is not None
    return first


def _below(heap: Heap, node: int, choke: int, roots: memoryview, firm: bytes) -> Fewest:
    """Return the smallest set between a node and its choke point; if there is one, such as can be removed."""
    sources = bytearray(heap.graph.nodes) if choke >= 0 else roots
    if choke >= 0:
        sources[choke] = 1
    none = bytes(len(heap.types))
    number, pairs, way = _search(heap, node, sources, none, ())
    if number < 0 or heap.recall is not None:
        return Fewest(number, tuple(Held(*pair, (), "") for pair in pairs), choke, tuple(way))
    nearest = Fewest(number, judge(heap, pairs), choke)
    found = nearest
    pinned: set[tuple[int, int]] = set()
    for _ in range(MOST_TRIES):
        stuck = {(each.referrer, each.referent) for each in found.held if each.reason}
        if not stuck:
            return found
        pinned |= stuck
        number, pairs, _way = _search(heap, node, sources, firm, tuple(pinned))
        if not pairs:
            break
        found = Fewest(number, judge(heap, pairs), choke, (), nearest.held)
    return nearest


def _lift(heap: Heap, node: int, firm: bytes, roots: memoryview) -> int:
    """Follow a node's only referrer upwards as long as it lets nothing be removed. O(steps)."""
    met = {node}
    while not roots[node]:
        above = heap.graph.referrers(node)
        if len(above) != 1 or above[0] in met or not firm[heap.type_of[above[0]]]:
            break
        node = above[0]
        met.add(node)
    return node


def edges_of(heap: Heap, held: tuple[Held, ...]) -> list[int]:
    """Return the places in the graph's targets of what goes: of a dict's entry also the key."""
    free: dict[int, dict[int, list[int]]] = {}
    edges: list[int] = []
    emptied: set[tuple[int, int]] = set()
    for each in held:
        places = free.setdefault(each.referrer, places_in(heap, each.referrer))
        gone: list[tuple[int, ...]] = [(each.referent,)] * each.count
        if each.places and not each.reason:
            # One place may hold two of the objects: a key that is its own value.
            new = [place for place in each.places if (id(place.owner), id(place.key)) not in emptied]
            emptied |= {(id(place.owner), id(place.key)) for place in new}
            gone = [tuple(heap.node_at(id(item)) or 0 for item in place.lets_go) for place in new]
        for nodes in gone:
            edges += [places[below].pop() for below in nodes if places.get(below)]
    return edges


def judge(heap: Heap, pairs: list[tuple[int, int, int]]) -> tuple[Held, ...]:
    """Return where each pair's references are stored, and why one cannot be removed."""
    found = heap.resolve({node for above, below, _ in pairs for node in (above, below)})
    return tuple(_held(heap, found, *pair) for pair in pairs)


def _held(heap: Heap, found: dict[int, Any], above: int, below: int, count: int) -> Held:
    if above not in found or below not in found:
        return Held(above, below, count, (), "it is gone since the capture")
    referrer, referent = found[above], found[below]
    owner, reason = _owner(heap, above, referrer)
    places, obstacle = places_of(referrer, referent, owner=owner)
    owning = _instance(heap, above, referrer) if owner is None else None
    if owning is not None:
        obstacle = obstacle or next(filter(None, (obstacle_of_library(owning, p.key) for p in places)), "")
    # What else refers to it from there is no place that is known.
    if len(places) < count and sum(sum(item is referent for item in p.lets_go) for p in places) < count:
        obstacle = obstacle or reason_of(referrer)
    return Held(above, below, count, tuple(places), reason or obstacle)


def _owner(heap: Heap, node: int, item: Any) -> tuple[type | None, str]:
    """Return (the class whose namespace a dict is, why nothing of it may be removed). O(1)."""
    if not is_kind(item, dict):
        return None, ""
    above = heap.graph.referrers(node)[:NEAR]
    for each in heap.resolve(above).values():
        if is_kind(each, type) and any(held is item for held in referents(_read_type_dict(each))):
            return each, ""
    for near, each in heap.resolve(above).items():
        if heap.type_name(near) == LRU_CACHE and namespace_of(each) is not item and _is_chained(item):
            return None, reason_of(each)
    return None, ""


def _instance(heap: Heap, node: int, item: Any) -> type | None:
    """Return the class of the instance whose namespace a dict is, None for any other dict. O(1)."""
    if type(item) is not dict:
        return None
    owners = heap.resolve(heap.graph.referrers(node)[:NEAR]).values()
    return next((type(each) for each in owners if namespace_of(each) is item), None)


def _is_chained(cache: dict[Any, Any]) -> bool:
    """Tell whether a cache's entries are also in a chain by age, as in one with a limit. O(1)."""
    return any(type_name(type(value)) == LRU_LINK for value in islice(dict.values(cache), 1))


def _search(
    heap: Heap,
    node: int,
    sources: memoryview | bytearray,
    firm: bytes,
    pinned: tuple[tuple[int, int], ...],
) -> tuple[int, list[tuple[int, int, int]], list[int]]:
    """Search below the sources; not over types marked in `firm` or pairs that are pinned."""
    graph = heap.graph
    type_nodes = [heap.node_at(address) for address in heap.type_addresses]
    return minimum_cut(
        *(graph.offsets, graph.targets, graph.back_offsets, graph.back_targets),
        node,
        sources,
        heap.type_of,
        firm,
        memoryview(from_values([NOWHERE if each is None else each for each in type_nodes], 4)),
        heap.flags,
        MODULE | TYPE,
        MODULE,
        memoryview(from_values(sorted(above << 32 | below for above, below in pinned), 8)),
        MOST,
    )


def _firm_types(heap: Heap) -> bytes:
    """Return a byte per type: 1 where nothing that its objects refer to can be removed. O(types)."""
    if heap.recall is not None:
        return bytes(len(heap.types))
    firm = {id(cls) for cls in all_classes() if not is_removable_kind(cls)}
    return bytes(address in firm for address in heap.type_addresses)

"""The references inside of cycles, told apart by name: `Parent.children[*]`; weighs none of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import algorithms, weaken
from pdbleak._native.ints import from_values
from pdbleak.analyses.neighbours import generalise
from pdbleak.heap import FRAME_HELD, ROOT, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdbleak._native.ints import Ints
    from pdbleak.heap import Heap

# As many references are named one by one; of more, samples of each place in objects of one type.
MOST_NAMED = 2_000
SAMPLES = 8
MOST_KEYS = 1_000
# From an element up to the attribute that holds its container.
MOST_LEVELS = 3
MOST_REFERRERS = 64
# In longer rows are elements, of which one is as good as another.
LONGEST_ROW = 1_000

CONTAINERS = frozenset({"list", "tuple", "set", "frozenset", "collections.deque"})
MAPPINGS = frozenset({"dict", "collections.OrderedDict", "collections.defaultdict"})
# Nobody makes these weak: what is in them is.
NEVER_WEAK = CONTAINERS | MAPPINGS | {"cell", "frame", "traceback", "builtin_function_or_method"}
CLEARED = (".__traceback__", ".__context__", ".__cause__", ".cell_contents")
WEAK_METHOD = "with weakref.WeakMethod: a plain weak reference to a bound method is dead at once"


@dataclass(frozen=True, slots=True)
class Inside:
    """The references inside of some cycles, between members by their places in `members`.

    `component` numbers all nodes of the heap from 1 to `count`, 0 for those on no cycle.
    """

    members: memoryview
    offsets: Ints
    targets: Ints
    sources: Ints
    places: Ints
    entries: Ints
    component: memoryview
    count: int


@dataclass(frozen=True, slots=True)
class ReferenceClass:
    """References of one name: what to do with them (`weak` or `clear`), what stands against it, how many."""

    name: str
    how: str
    note: str
    count: int


@dataclass(frozen=True, slots=True)
class Classified:
    """The classes, numbered from 1; the class of every reference, 0 for none; how many kinds have no name."""

    classes: tuple[ReferenceClass, ...]
    class_of: memoryview
    unnamed: int


def look_inside(heap: Heap, component: memoryview, count: int, numbers: Iterable[int]) -> Inside:
    """Return the references inside of some components. O(V + references of their members)."""
    members = nodes_in(component, count, numbers)
    graph = heap.graph
    found = weaken.inside(
        *(graph.offsets, graph.targets, graph.back_offsets, graph.back_targets),
        component,
        members,
        heap.marks(ROOT | FRAME_HELD),
    )
    return Inside(members, *found, component, count)


def nodes_in(component: memoryview, count: int, numbers: Iterable[int]) -> memoryview:
    """Return the nodes of some components. O(V)."""
    wanted = bytearray(count + 1)
    for number in numbers:
        wanted[number] = 1
    return memoryview(algorithms.select(component, wanted))


def classify(heap: Heap, inside: Inside) -> Classified:
    """Tell the references that somebody could make weak or clear apart, by owner's type and attribute.

    Few are named one by one. Of many, those at one place in objects of one type have the name of their
    samples where these agree; else one by one as well, as far as that is not too many. O(references).
    """
    rows = (inside.offsets, inside.targets, inside.sources, inside.places, inside.members)
    kinds = bytes(map(_kind, heap.types))
    keys, count = weaken.sort_references(*rows, heap.graph.offsets, heap.type_of, kinds)
    first_edges, all_edges = algorithms.grouped(keys, count)
    offsets, sorted_edges = memoryview(first_edges), memoryview(all_edges)
    by_key = [sorted_edges[offsets[key] : offsets[key + 1]] for key in range(count)]
    few = len(inside.targets) <= MOST_NAMED
    order = sorted(range(count), key=lambda key: -len(by_key[key]))[: count if few else MOST_KEYS]
    samples = {key: by_key[key][:: 1 if few else max(1, len(by_key[key]) // SAMPLES)] for key in order}
    told = _name_all(heap, inside, [edge for edges in samples.values() for edge in edges])
    number: dict[tuple[str, str, str], int] = {}

    def class_for(name: tuple[str, str, str]) -> int:
        return number.setdefault(name, len(number) + 1) if name[1] else 0

    class_of_key = [0] * (count + 1)
    one_by_one: list[int] = []
    unnamed = count - len(order)
    for key in order:
        agreed = {told[edge] for edge in samples[key]}
        if len(agreed) == 1:
            class_of_key[key + 1] = class_for(agreed.pop())
        elif len(one_by_one) + len(by_key[key]) <= 10 * MOST_NAMED:
            one_by_one += by_key[key]
        else:
            unnamed += 1
    told |= _name_all(heap, inside, [edge for edge in one_by_one if edge not in told])
    class_of = memoryview(bytearray(weaken.assign(keys, from_values(class_of_key, 4)))).cast("I")
    for edge in one_by_one:
        class_of[edge] = class_for(told[edge])
    counts = weaken.count_each(class_of, len(number) + 1)
    classes = tuple(ReferenceClass(*name, counts[index]) for name, index in number.items())
    return Classified(classes, class_of, unnamed)


def _kind(type_name: str) -> int:
    if type_name in MAPPINGS:
        return weaken.MAPPING
    return weaken.CONTAINER if type_name in CONTAINERS else weaken.RECORD


def _name_all(heap: Heap, inside: Inside, edges: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Return {reference: (name, how, note)}; no `how` for what is nobody's to change."""
    ways = {edge: _way_to(heap, inside, edge) for edge in edges}
    found = heap.resolve({node for way in ways.values() for node, _ in way})
    changeable = heap.program_types | CONTAINERS | MAPPINGS
    return {edge: _name(heap, found, way, changeable) for edge, way in ways.items()}


def _way_to(heap: Heap, inside: Inside, edge: int) -> list[tuple[int, int]]:
    """Return (node, place in the row of the one before) from the attribute's owner down to a referent."""
    above, below = inside.members[inside.sources[edge]], inside.members[inside.targets[edge]]
    way = [(below, inside.places[edge]), (above, 0)]
    number = inside.component[below]
    while _kind(heap.type_name(above)) != weaken.RECORD and len(way) <= MOST_LEVELS + 1:
        near = heap.graph.referrers(above)[:MOST_REFERRERS]
        referrers = [each for each in near if inside.component[each] == number]
        if len(referrers) != 1 or referrers[0] == above:
            break
        row = heap.graph.referents(referrers[0])
        way[-1] = above, row.tolist().index(above) if len(row) <= LONGEST_ROW else 0
        above = referrers[0]
        way.append((above, 0))
    return way[::-1]


def _name(
    heap: Heap, found: dict[int, Any], way: Sequence[tuple[int, int]], changeable: frozenset[str]
) -> tuple[str, str, str]:
    """Return (`Proto.conn`, how to break it, what to mind); `Parent.children[*]` through its container.

    What refers must be of one of the `changeable` types, for the reference to be made weak.
    """
    text, last = "", ""
    for (above, _), (below, place) in pairwise(way):
        if above not in found or below not in found:
            return "", "", ""
        told = names.reference_names(found[above], found[below])
        # Several names are as many references, in the order of the row.
        row = heap.graph.referents(above)
        earlier = row[:place].tolist().count(below) if len(row) <= LONGEST_ROW else 0
        last = told[min(earlier, len(told) - 1)]
        if text == ".__dict__" and last.startswith("['") and last[2:-2].isidentifier():
            text, last = "", f".{last[2:-2]}"
        last = generalise(last)
        text += last if last.startswith((".", "[", "{")) else f" {last}"
    owner = heap.type_name(way[0][0])
    text = text[1:] if text.startswith(" local ") else owner + text
    how, note = _how_to_break(heap.type_name(way[-1][0]), last, found[way[-1][0]])
    # A class is on a cycle without it too; and the library's classes are as they are.
    if heap.has(way[0][0], TYPE) or not (owner in changeable or _is_clearable(last)):
        return "", "", ""
    return text, how, note


def _is_clearable(last: str) -> bool:
    """Tell whether code can let go of what the interpreter's own objects refer to by this name."""
    return last.startswith("local ") or last in CLEARED


def _how_to_break(kind: str, last: str, below: object) -> tuple[str, str]:
    """Return ('weak' or 'clear', what to mind), or empty texts for a reference that is nobody's to change."""
    if _is_clearable(last):
        return "clear", ""
    if kind in NEVER_WEAK or last.startswith(".__") or not last.startswith((".", "[", "{")):
        return "", ""
    if kind == "method":
        return "weak", WEAK_METHOD
    lacks = names.lacks_weak(below)
    if lacks == "type":
        return "clear", ""
    return "weak", f"{kind} needs '__weakref__' in its __slots__ for that" if lacks else ""

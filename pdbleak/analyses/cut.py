"""The fewest references to remove so that an object dies, and what dies with it, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak._native import algorithms
from pdbleak.analyses.chain import follow, path_down, shorten
from pdbleak.analyses.dying import Deaths, deaths
from pdbleak.analyses.fewest import MOST, Fewest, edges_of, fewest_references
from pdbleak.analyses.neighbours import form_of, next_for
from pdbleak.analyses.roots import describe_root
from pdbleak.analyses.untraversed import elements_of_arrays
from pdbleak.heap import FRAME_HELD, GARBAGE, IMMORTAL, MODULE, NAMESPACE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.analyses.census import TypeCount
    from pdbleak.analyses.fewest import Held
    from pdbleak.heap import Heap
    from pdbleak.subject import Subject

# Of a long path from the root, as many steps at either end are named.
MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class CutReference:
    """One object's references to another: `count` of them, all to be removed.

    `where` leads from the root to the reference, by names; `address` is the object that stores it.
    `obstacle` is why it cannot be removed from the prompt, empty where it can.
    """

    where: str
    reference: str
    referrer: str
    address: int
    referent: str
    count: int
    obstacle: str


@dataclass(frozen=True, slots=True)
class ChokePoint:
    """The nearest object through which all paths lead; `objects` and `size` die with it, in bytes."""

    handle: str
    type: str
    address: int
    form: str
    where: str
    objects: int
    size: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The references to remove, and what that frees: objects and shallow bytes, exactly.

    `number` of references are to be removed, those of `rows`, the fewest below the choke point; it is more
    than `most`, without rows, where that many do not suffice, and 0 where nothing can be cut: see `note`.
    `stuck` are references nearer to it that cannot be removed. `objects` is the sum of what dies at once, by
    reference counts, with the next collection, and with further ones; `types` says of what. `finalizers` run
    and `suspended` generators are closed meanwhile, which may free more, or bring objects back.
    """

    subject: str
    handle: str
    form: str
    number: int
    most: int
    rows: tuple[CutReference, ...]
    stuck: tuple[CutReference, ...]
    objects: int
    size: int
    at_once: int
    at_once_size: int
    next_collection: int
    next_collection_size: int
    further_collections: int
    further_collections_size: int
    types: tuple[TypeCount, ...]
    finalizers: int
    suspended: int
    choke: ChokePoint | None
    note: str
    next: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cut would remove and free; of the objects themselves only their nodes are kept."""

    cut: Cut
    pairs: tuple[tuple[int, int, int], ...]
    deaths: Deaths | None


def plan_cut(
    heap: Heap,
    subject: Subject,
    *,
    form: Callable[[object], str] = names.form,
    bind: Callable[[object], str] = lambda _: "",
) -> Plan:
    """Find the fewest references to remove, and what that frees. O(V + E), a few times.

    `bind` gives the choke point a handle.
    """
    if subject.node is None:
        note = f"no live objects of type {subject.text!r}"
        return Plan(_uncut(subject.text, subject, "", note, next_for(subject.near, "cut")), (), None)
    name = heap.type_name(subject.node)
    who = subject.handle or subject.text
    text = form(subject.item)
    note = _why_not(heap, subject.node, name)
    if note:
        after = f"leak cycles {name}" if heap.has(subject.node, GARBAGE) else f"leak chain {who}"
        return Plan(_uncut(name, subject, text, note, after), (), None)
    found = fewest_references(heap, subject.node)
    if found.number < 0:
        return Plan(_uncut(name, subject, text, _firm(heap, found), f"leak chain {who}"), (), None)
    died = deaths(heap, edges_of(heap, found.held)) if found.held else None
    choke = _choke(heap, found.choke, form, bind) if found.number > 1 else None
    return Plan(
        _describe(heap, subject, text, found, died, choke),
        tuple((each.referrer, each.referent, each.count) for each in found.held),
        died,
    )


def _why_not(heap: Heap, node: int, name: str) -> str:
    """Return why nothing can be cut, from what holds the object by itself; '' where that does not."""
    if heap.has(node, GARBAGE):
        return "garbage: no root leads to it; leak gc frees it"
    if heap.has(node, IMMORTAL):
        return f"immortal: the interpreter never frees this {name}"
    if heap.has(node, MODULE):
        return "a module: sys.modules and every import of it hold it; cut what it holds"
    if heap.has(node, ROOT):
        root = describe_root(heap, node).removeprefix("root: ") or "its module"
        if heap.has(node, FRAME_HELD):
            return f"held by {root}: it cannot die before that lets go"
        return "held by C: references that no object of the heap has; cutting others does not free it"
    return ""


def _firm(heap: Heap, found: Fewest) -> str:
    items = heap.resolve(found.way)
    steps = shorten(follow(heap, list(found.way), [], items, names.form))
    root = describe_root(heap, found.way[0]).removeprefix("root: ")
    way = "".join(step.reference for step in steps)[:200]
    return f"nothing can be cut: {root or 'what lives by itself'} holds it by what objects are made of: {way}"


def _describe(
    heap: Heap, subject: Subject, text: str, found: Fewest, died: Deaths | None, choke: ChokePoint | None
) -> Cut:
    who = subject.handle or subject.text
    after = f"leak chain {who}"
    if choke is not None and choke.handle:
        after = f"leak cut {choke.handle}"
    if found.is_removable:
        after = f"leak cut {who} --apply"
    assert subject.node is not None
    return Cut(
        subject=heap.type_name(subject.node),
        handle=subject.handle,
        form=text,
        number=found.number,
        most=MOST,
        rows=tuple(_row(heap, each) for each in found.held),
        stuck=tuple(_row(heap, each) for each in found.stuck),
        objects=died.objects if died else 0,
        size=died.size if died else 0,
        at_once=died.at_once.count if died else 0,
        at_once_size=died.at_once.size if died else 0,
        next_collection=died.next_collection.count if died else 0,
        next_collection_size=died.next_collection.size if died else 0,
        further_collections=died.further_collections.count if died else 0,
        further_collections_size=died.further_collections.size if died else 0,
        types=died.types if died else (),
        finalizers=died.finalizers if died else 0,
        suspended=died.suspended if died else 0,
        choke=choke,
        note=_unseen(heap, died) if died else "",
        next=after,
    )


def _unseen(heap: Heap, died: Deaths) -> str:
    """Return what else dies, or may, that is not counted."""
    elements = elements_of_arrays(heap, died.dies)
    if elements:
        return f"object arrays among them have {elements:,} elements, which no walk shows: not counted"
    return "" if died.settled else "weak containers keep freeing more with each collection"


def _uncut(name: str, subject: Subject, form: str, note: str, after: str) -> Cut:
    return Cut(
        *(name, subject.handle, form, 0, MOST, (), (), 0, 0, 0, 0, 0, 0, 0, 0, (), 0, 0, None),
        note=note,
        next=after,
    )


def _row(heap: Heap, held: Held) -> CutReference:
    where, reference = describe_way(heap, [*path_down(heap, held.referrer), held.referent])
    exact = {place.text for place in held.places}
    if len(exact) == 1 and not reference.startswith("."):
        (reference,) = exact
    return CutReference(
        where=where,
        reference=reference,
        referrer=heap.type_name(held.referrer),
        address=heap.addresses[held.referrer],
        referent=heap.type_name(held.referent),
        count=held.count,
        obstacle=held.reason,
    )


def describe_way(heap: Heap, path: list[int]) -> tuple[str, str]:
    """Return (a way from a root by names, `module broker .BROKER.sessions['7']`; its last reference)."""
    first, last = (path, []) if len(path) <= 2 * MOST_STEPS else (path[:MOST_STEPS], path[-MOST_STEPS:])
    found = heap.resolve(first + last)
    root = describe_root(heap, path[0]).removeprefix("root: ")
    if root == "module":
        root = form_of(found, path[0])
    steps = shorten(follow(heap, first, last, found, names.form))
    way = "".join(step.reference for step in steps)
    return f"{root} {way}".strip(), steps[-1].reference


def _choke(
    heap: Heap, point: int, form: Callable[[object], str], bind: Callable[[object], str]
) -> ChokePoint | None:
    """Describe the nearest object all paths lead through; None where it is what a module is made of."""
    if point < 0 or heap.has(point, MODULE | NAMESPACE) or _leads_to_modules(heap, point):
        return None
    path = path_down(heap, point)
    found = heap.resolve([point])
    roots = memoryview(algorithms.positions(heap.marks(ROOT | IMMORTAL)))
    freed = heap.graph.retained(point, roots)
    return ChokePoint(
        handle=bind(found[point]) if point in found else "",
        type=heap.type_name(point),
        address=heap.addresses[point],
        form=form_of(found, point, form),
        where=describe_way(heap, path)[0] if path else "",
        objects=len(freed),
        size=heap.total_size(freed),
    )


def _leads_to_modules(heap: Heap, node: int) -> bool:
    """Tell whether a node is a table of modules, such as sys.modules. O(references)."""
    return any(heap.has(below, MODULE) for below in heap.graph.referents(node)[:64])

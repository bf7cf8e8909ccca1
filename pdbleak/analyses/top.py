"""What retains most: the big branches of the dominator tree, named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import subtrees
from pdbleak._native.ints import from_values
from pdbleak.analyses.dominators import dominate
from pdbleak.analyses.grip import SEVERAL, as_attribute, held_as, held_where, needed_for, passed_through
from pdbleak.analyses.neighbours import form_of, next_for
from pdbleak.analyses.retention import Bough, grow
from pdbleak.heap import GARBAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pdbleak.heap import Heap

SAMPLES = 3
MOST_HANDLES = 10


@dataclass(frozen=True, slots=True)
class Retainer:
    """An object, or `count` siblings of one type, and the `retained` bytes in `objects` that die without it.

    `where` says what holds it, where that is no object above it: 'module broker', "local 'conn' of serve()";
    `reference` under which name. `skipped` steps between it and the one above are left out. It `gathers`
    where no child keeps most of it, and may have a `handle` there. `size` is its own, its `__dict__`
    included. `deeper` steps lead further down, as in a linked list; `omitted` children with
    `omitted_retained` bytes are too small to be listed.
    """

    node: int
    address: int
    handle: str
    type: str
    where: str
    reference: str
    form: str
    count: int
    size: int
    retained: int
    objects: int
    gathers: bool
    skipped: int
    deeper: int
    omitted: int
    omitted_retained: int
    children: tuple[Retainer, ...]


@dataclass(frozen=True, slots=True)
class Top:
    """What retains most, heaviest first: of the whole heap, or of a subject of `population` objects.

    `retained` bytes in `objects` are what the subject retains, or what is alive; `whole` bytes are alive in
    the heap, and `garbage` bytes are not. `limit` rows were asked for; `omitted` with `omitted_retained`
    bytes are too small to be listed.
    """

    subject: str
    handle: str
    population: int
    limit: int
    rows: tuple[Retainer, ...]
    retained: int
    objects: int
    whole: int
    garbage: int
    omitted: int
    omitted_retained: int
    note: str
    next: str


def find_top(
    heap: Heap,
    *,
    limit: int = 10,
    form: Callable[[object], str] = names.form,
    bind: Callable[[object], str] | None = None,
) -> Top:
    """Return what retains most of the heap; modules and their namespaces are passed through, not listed.

    `bind` gives a handle to what lies where a row gathers. O(V) after the dominators.
    """
    tree = dominate(heap)
    first = subtrees.under(tree.parents, tree.order, passed_through(heap), heap.marks(GARBAGE))
    trunk = grow(heap, memoryview(first), children=False)
    rows = _rows(heap, trunk, limit, form, bind)
    return _answer(heap, trunk, rows, limit=limit)


def find_top_of(
    heap: Heap,
    nodes: Sequence[int] | memoryview,
    *,
    subject: str,
    handle: str = "",
    near: str = "",
    limit: int = 10,
    form: Callable[[object], str] = names.form,
    bind: Callable[[object], str] | None = None,
) -> Top:
    """Return what some nodes retain; `subject` names them, `near` a type where there are none.

    O(V) after the dominators.
    """
    tree = dominate(heap)
    outer = tree.outermost(memoryview(from_values(nodes, 4)))
    retained, _ = subtrees.weigh(outer, tree.retained, tree.objects)
    trunk = grow(heap, outer, whole=retained)
    rows = _rows(heap, trunk, limit, form, bind)
    answer = _answer(heap, trunk, rows, limit=limit)
    note = "what only several of them together keep is in no row" if len(nodes) > 1 else ""
    if any(heap.has(node, GARBAGE) for node in nodes[:SAMPLES]):
        note = "garbage: a collection after c frees it"
    return replace(
        answer,
        subject=subject,
        handle=handle,
        population=len(nodes),
        note=note,
        next=(answer.next if rows else f"leak chain {handle or subject}")
        if len(nodes)
        else next_for(near, "top"),
    )


def _answer(heap: Heap, trunk: Bough, rows: tuple[Retainer, ...], *, limit: int) -> Top:
    tree = dominate(heap)
    garbage = sum(size for _, size in heap.tally(GARBAGE).values())
    handle = next((each.handle for row in rows for each in _followed(row) if each.handle), "")
    return Top(
        subject="",
        handle="",
        population=0,
        limit=limit,
        rows=rows,
        retained=trunk.retained,
        objects=trunk.objects,
        whole=tree.retained[tree.root] - garbage,
        garbage=garbage,
        omitted=trunk.omitted,
        omitted_retained=trunk.omitted_retained,
        note="",
        next=f"leak cut {handle}" if handle else "leak types 20 --by retained",
    )


def _followed(row: Retainer) -> Iterator[Retainer]:
    """Yield a row and what is followed below it, down to where it gathers."""
    yield row
    while not row.gathers:
        row = row.children[0]
        yield row


def _rows(
    heap: Heap,
    trunk: Bough,
    limit: int,
    form: Callable[[object], str],
    bind: Callable[[object], str] | None,
) -> tuple[Retainer, ...]:
    """Name all boughs. O(boughs + tracked objects)."""
    boughs = list(_all(trunk))
    found = heap.resolve(
        {each for bough in boughs for node in bough.nodes[:SAMPLES] for each in needed_for(heap, node)}
    )
    references = {id(bough): held_as(heap, bough.nodes[:SAMPLES].tolist(), found) for bough in boughs}
    for bough in boughs:
        _fold_namespace(heap, bough, references)
    boughs = list(_all(trunk))
    handles: dict[int, str] = {}
    for bough in trunk.children[: min(limit, MOST_HANDLES) if bind else 0]:
        while not bough.gathers:
            bough = bough.children[0]  # noqa: PLW2901 - down to where it gathers
        if bind and len(bough.nodes) == 1 and bough.nodes[0] in found:
            handles[id(bough)] = bind(found[bough.nodes[0]])
    rows: dict[int, Retainer] = {}
    for bough in reversed(boughs):
        children = tuple(rows.pop(id(child)) for child in bough.children)
        names_ = references[id(bough)], handles.get(id(bough), "")
        rows[id(bough)] = _named(heap, bough, children, found, names_, form)
    return tuple(rows[id(bough)] for bough in trunk.children)


def _fold_namespace(heap: Heap, bough: Bough, references: dict[int, str]) -> None:
    """Take an instance and its `__dict__` for one, where that is all it retains: `.items`, as is written."""
    only = bough.children[0] if len(bough.children) == 1 and not bough.omitted else None
    if only is None or len(bough.nodes) != 1 or references[id(only)] != ".__dict__" or only.deeper:
        return
    bough.namespace = heap.size(only.nodes[0])
    bough.children, bough.omitted, bough.omitted_retained = only.children, only.omitted, only.omitted_retained
    for child in bough.children:
        references[id(child)] = as_attribute(references[id(child)])


def _all(trunk: Bough) -> Iterator[Bough]:
    """Yield everything below a bough, each before what is below it."""
    waiting = list(trunk.children)
    for bough in waiting:
        yield bough
        waiting += bough.children


def _named(
    heap: Heap,
    bough: Bough,
    children: tuple[Retainer, ...],
    found: dict[int, Any],
    names_: tuple[str, str],
    form: Callable[[object], str],
) -> Retainer:
    node = bough.nodes[0]
    samples = bough.nodes[:SAMPLES].tolist()
    where = held_where(heap, samples, found)
    return Retainer(
        node=node,
        address=heap.addresses[node],
        handle=names_[1],
        type=heap.type_name(node),
        where=where,
        # In several places the names have nothing in common.
        reference="" if where in SEVERAL else names_[0],
        form=form_of(found, node, form),
        count=len(bough.nodes),
        size=heap.size(node) + bough.namespace,
        retained=bough.retained,
        objects=bough.objects,
        gathers=bough.gathers,
        skipped=bough.skipped,
        deeper=bough.deeper,
        omitted=bough.omitted,
        omitted_retained=bough.omitted_retained,
        children=children,
    )

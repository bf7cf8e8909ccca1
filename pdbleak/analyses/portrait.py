"""One object seen from all sides: what it is, what refers to it, what it refers to."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak.analyses.dominators import dominate, retained_by
from pdbleak.analyses.neighbours import Group, form_of, group_by_type, next_for, reference_text
from pdbleak.heap import FRAME_HELD, GARBAGE, IMMORTAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.heap import Heap
    from pdbleak.subject import Subject

NEIGHBOURS = 2000
GROUPS = 12
SAMPLES = 4


@dataclass(frozen=True, slots=True)
class Neighbour:
    """References of one name and type: `count` of them, with one example's address and form."""

    reference: str
    type: str
    address: int
    form: str
    count: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """One object. `state` is 'reachable', 'garbage' or 'held by C'; `origin` the allocation line if traced.

    `size` is its shallow size, `retained` what would be freed with it, both in bytes;
    `weak` counts weak references to it. `population` is how many objects share its type.
    """

    handle: str
    address: int
    type: str
    size: int
    retained: int
    retained_objects: int
    form: str
    state: str
    population: int
    referrers: tuple[Neighbour, ...]
    referrer_total: int
    referents: tuple[Neighbour, ...]
    referent_total: int
    weak: int
    origin: str
    note: str
    next: str


def portray(heap: Heap, subject: Subject, *, form: Callable[[object], str] = names.form) -> Portrait:
    """Describe one object and its neighbours; what it retains is exact. O(V + E)."""
    node = subject.node
    if node is None:
        return _nobody(subject)
    referrers, referents = heap.graph.referrers(node), heap.graph.referents(node)
    above = group_by_type(heap, referrers[:NEIGHBOURS])
    below = group_by_type(heap, referents[:NEIGHBOURS])
    shown = {member for group in [*above, *below] for member in group.nodes[:SAMPLES]}
    found = heap.resolve(shown) | {node: subject.item}
    retained, retained_objects = retained_by(heap, node)
    name = heap.type_name(node)
    holders = ", ".join(
        f"{f'local {local!r}' if local else 'running'} of {frame.function}()"
        for frame, local in heap.holders(node)
    )
    return Portrait(
        handle=subject.handle,
        address=heap.addresses[node],
        type=name,
        size=heap.size(node),
        retained=retained,
        retained_objects=retained_objects,
        form=form(subject.item),
        state=_state(heap, node),
        population=subject.population,
        referrers=tuple(_neighbour(heap, found, group, node, form, upward=True) for group in above[:GROUPS]),
        referrer_total=len(referrers),
        referents=tuple(_neighbour(heap, found, group, node, form, upward=False) for group in below[:GROUPS]),
        referent_total=len(referents),
        weak=names.weak_references(subject.item),
        origin=names.origin_of(subject.item),
        note=f"held by {holders}" if holders else "",
        next=f"leak backrefs {subject.handle or subject.text} 10",
    )


def _neighbour(
    heap: Heap,
    found: dict[int, Any],
    group: Group,
    node: int,
    form: Callable[[object], str],
    *,
    upward: bool,
) -> Neighbour:
    samples = group.nodes[:SAMPLES]
    pairs = (samples, repeat(node, len(samples))) if upward else (repeat(node, len(samples)), samples)
    first = samples[0]
    return Neighbour(
        reference=reference_text(found, *pairs),
        type=group.type,
        address=heap.addresses[first],
        form=form_of(found, first, form),
        count=len(group.nodes),
    )


def _state(heap: Heap, node: int) -> str:
    """Tell why a node is alive; C alone holds it where all its referrers would die with it. O(referrers)."""
    if heap.has(node, GARBAGE):
        return "garbage"
    if heap.has(node, FRAME_HELD | IMMORTAL) or not heap.unexplained[node]:
        return "reachable"
    dies_with_it = dominate(heap).dominates(node)
    alone = all(dies_with_it(referrer) for referrer in heap.graph.referrers(node))
    return "held by C" if alone else "reachable"


def _nobody(subject: Subject) -> Portrait:
    after = next_for(subject.near, "show")
    return Portrait("", 0, subject.text, 0, 0, 0, "", "", 0, (), 0, (), 0, 0, "", "", after)

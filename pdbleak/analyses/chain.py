"""The shortest path from a root to one object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.neighbours import form_of, next_for, reference_text
from pdbleak.analyses.roots import describe_root
from pdbleak.heap import FRAME_HELD, GARBAGE, IMMORTAL, MODULE, NAMESPACE, ROOT, TYPE

if TYPE_CHECKING:
    from pdbleak.heap import Heap
    from pdbleak.subject import Subject

NOT_HELD = "garbage: nothing holds it, the next collection frees it; type: leak cycles"


@dataclass(frozen=True, slots=True)
class Step:
    """One object on a path; `reference` is the name by which the object before it refers to it."""

    node: int
    address: int
    type: str
    size: int
    form: str
    reference: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps from a root down to the subject; no steps, and a note, when nothing holds it.

    `root` says what keeps the first step alive: 'module broker', "local 'conn' of serve()", 'held by C'.
    """

    subject: str
    handle: str
    root: str
    steps: tuple[Step, ...]
    note: str
    next: str


def find_chain(heap: Heap, subject: Subject) -> Chain:
    """Return a shortest path from a module or a frame, else from what C holds; classes are passed last. O(V + E)."""
    who = subject.handle or subject.text
    if subject.node is None:
        return Chain(subject.text, "", "", (), f"no live objects of type {subject.text!r}", next_for(subject.near, "chain"))
    name = heap.type_name(subject.node)
    if heap.has(subject.node, GARBAGE):
        return Chain(name, subject.handle, "", (), NOT_HELD, f"leak cycles {name}")
    deferred = heap.marks(TYPE)
    # What C or an immortal object holds is a way too, but says less: it is taken where there is no other.
    for ends in (heap.marks(MODULE | FRAME_HELD, without=NAMESPACE), heap.marks(ROOT, without=IMMORTAL), heap.marks(ROOT)):
        path = heap.graph.path_from(ends, subject.node, deferred=deferred)
        if path:
            break
    found = heap.resolve(path) | {subject.node: subject.item}
    steps = follow(heap, path, found)
    root = describe_root(heap, path[0]).removeprefix("root: ") if path else ""
    return Chain(
        subject=name,
        handle=subject.handle,
        root=steps[0].form if root == "module" else root,
        # A module is its own root; naming it twice says nothing.
        steps=shorten(steps)[1 if root == "module" and len(steps) > 1 else 0 :],
        note="" if path else "no path that the capture can see",
        next=f"leak backrefs {who} 10",
    )


def follow(heap: Heap, path: list[int], found: dict[int, Any]) -> list[Step]:
    """Return a path's nodes as steps; the first one's reference is empty."""
    references = ["", *(reference_text(found, (above,), (below,)) for above, below in pairwise(path))]
    return [
        Step(node, heap.addresses[node], heap.type_name(node), heap.size(node), form_of(found, node), reference)
        for node, reference in zip(path, references, strict=True)
    ]


def shorten(steps: list[Step]) -> tuple[Step, ...]:
    """Leave out the namespace between an object and its attribute: `.__dict__`, `['conn']` is `.conn`."""
    shortened: list[Step] = []
    for step in steps:
        if shortened and shortened[-1].reference == ".__dict__" and step.reference.startswith("['"):
            name = step.reference[2:].removesuffix("']")
            if name.isidentifier():
                shortened[-1] = replace(step, reference=f".{name}")
                continue
        shortened.append(step)
    return tuple(shortened)

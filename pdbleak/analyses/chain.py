"""The shortest path from a root to one object."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak.analyses.deferred import mark_deferred
from pdbleak.analyses.neighbours import form_of, next_for, reference_text
from pdbleak.analyses.roots import describe_root
from pdbleak.heap import FRAME_HELD, GARBAGE, IMMORTAL, MODULE, NAMESPACE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pdbleak.heap import Heap
    from pdbleak.subject import Subject

# More steps than that nobody reads, and naming each takes its time.
MOST_STEPS = 200
NOT_HELD = "garbage: no root leads to it; a collection after c frees it"


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
    `omitted` steps in the middle are left out; the step after them has no name of a reference, but '…'.
    """

    subject: str
    handle: str
    root: str
    steps: tuple[Step, ...]
    note: str
    next: str
    omitted: int = 0


def find_chain(
    heap: Heap,
    subject: Subject,
    *,
    extra: Sequence[str] = (),
    form: Callable[[object], str] = names.form,
) -> Chain:
    """Return a shortest path from a module or a frame, else from what C holds. O(V + E).

    What is deferred (classes, caches, `extra` references) is passed last.
    """
    who = subject.handle or subject.text
    if subject.node is None:
        note = f"no live objects of type {subject.text!r}"
        return Chain(subject.text, "", "", (), note, next_for(subject.near, "chain"))
    name = heap.type_name(subject.node)
    if heap.has(subject.node, GARBAGE):
        return Chain(name, subject.handle, "", (), NOT_HELD, f"leak cycles {name}")
    path = path_down(heap, subject.node, extra)
    first, last = ends_of(path)
    found = heap.resolve(first + last) | {subject.node: subject.item}
    steps = follow(heap, first, last, found, form)
    omitted = len(path) - len(first) - len(last)
    note = f"{omitted:,} steps in the middle are left out" if omitted else ""
    root = describe_root(heap, path[0]).removeprefix("root: ") if path else ""
    return Chain(
        subject=name,
        handle=subject.handle,
        root=form_of(found, path[0]) if root == "module" else root,
        # A module is its own root; naming it twice says nothing.
        steps=shorten(steps)[1 if root == "module" and len(steps) > 1 else 0 :],
        note=note if path else "no path that the capture can see",
        next=f"leak backrefs {who} 10",
        omitted=omitted,
    )


def path_down(heap: Heap, node: int, extra: Sequence[str] = ()) -> list[int]:
    """Return a shortest path from a root down to a node, empty if none leads there. O(V + E).

    What is deferred, and `extra` references, are passed last. What C or an immortal object holds is a way
    too, but says less: it is taken where there is no other.
    """
    deferred = mark_deferred(heap, extra)
    for flag, without in ((MODULE | FRAME_HELD, NAMESPACE), (ROOT, IMMORTAL), (ROOT, 0)):
        path = heap.graph.path_from(heap.marks(flag, without=without), node, deferred=deferred)
        if path:
            return path
    return []


def ends_of(path: list[int]) -> tuple[list[int], list[int]]:
    """Return the first and the last nodes of a path, all of it together where it is not too long."""
    half = MOST_STEPS // 2
    return (path, []) if len(path) <= MOST_STEPS else (path[:half], path[-half:])


def follow(
    heap: Heap, first: list[int], last: list[int], found: dict[int, Any], form: Callable[[object], str]
) -> list[Step]:
    """Return the two ends of a path as steps; their first references are '' and '…'."""
    references = [
        start if index == 0 else reference_text(found, (part[index - 1],), (below,))
        for start, part in (("", first), ("…", last))
        for index, below in enumerate(part)
    ]
    return [
        Step(
            node,
            heap.addresses[node],
            heap.type_name(node),
            heap.size(node),
            form_of(found, node, form),
            reference,
        )
        for node, reference in zip(first + last, references, strict=True)
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

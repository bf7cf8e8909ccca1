"""The tree of what refers to an object, or of what it refers to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak.analyses.neighbours import Group, form_of, group_by_type, next_for, reference_text
from pdbleak.analyses.roots import describe_root, ends_search
from pdbleak.heap import GARBAGE, MODULE, NAMESPACE, TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.heap import Heap
    from pdbleak.subject import Subject

MOST_BRANCHES = 150
MOST_CHILDREN = 8
NEIGHBOURS = 2000
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Branch:
    """One object of the tree, standing for `count` siblings of the same reference name and type.

    `node` identifies the object within one tree (a picture merges equal nodes). `reference` is the
    name of the reference between it and the object above it (`.queue`, `['sql']`, `[*]` where `count`
    siblings differ); for back-references it is the reference by which *this* object holds the one above.
    `note` says why it has no children although there may be some: 'root: module broker',
    'seen above', 'depth limit'; `omitted` children are left out, and that is announced.
    """

    node: int
    address: int
    type: str
    size: int
    form: str
    reference: str
    count: int
    note: str
    omitted: int
    children: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class ReferenceTree:
    """The tree around `top`; `direction` is 'backrefs' or 'refs', `depth` the limit that was asked for.

    `objects` counts those in the tree, `population` the subject's type; `subject` names it.
    """

    direction: str
    subject: str
    handle: str
    depth: int
    top: Branch
    objects: int
    population: int
    picture: str
    next: str


@dataclass(slots=True)
class _Twig:
    """A branch while the tree grows: nodes of one type in the same relation to the node above."""

    group: Group
    above: int
    note: str = ""
    omitted: int = 0
    children: list[_Twig] = field(default_factory=list)

    @property
    def node(self) -> int:
        return self.group.nodes[0]


def grow_tree(
    heap: Heap,
    subject: Subject,
    *,
    direction: str,
    depth: int,
    form: Callable[[object], str] = names.form,
) -> ReferenceTree:
    """Grow the tree breadth first until `depth`, or until it has as many branches as a person reads.

    Siblings of one type are merged; roots, classes and what stands above already end a branch.
    O(branches + tracked objects).
    """
    if subject.node is None:
        nobody = Branch(0, 0, subject.text, 0, "", "", 0, "", 0, ())
        after = next_for(subject.near, direction)
        return ReferenceTree(direction, subject.text, "", depth, nobody, 0, 0, "", after)
    upward = direction == "backrefs"
    top = _Twig(Group((subject.node,), heap.type_name(subject.node)), subject.node)
    twigs = _grow(heap, top, depth=depth, upward=upward)
    if heap.has(top.node, GARBAGE):
        top.note = "garbage: no root leads to it; a collection after c frees it"
    wanted = {member for twig in twigs for member in twig.group.nodes[:SAMPLES]}
    found = heap.resolve(wanted) | {subject.node: subject.item}
    who = subject.handle or subject.text
    return ReferenceTree(
        direction=direction,
        subject=heap.type_name(subject.node),
        handle=subject.handle,
        depth=depth,
        top=_branch(heap, top, found, form, upward=upward),
        objects=len({twig.node for twig in twigs}),
        population=subject.population,
        picture="",
        next=f"leak chain {who}" if upward else f"leak backrefs {who} 10",
    )


def _grow(heap: Heap, top: _Twig, *, depth: int, upward: bool) -> list[_Twig]:
    twigs = [top]
    seen = {top.node}
    level = [top]
    for distance in range(depth + 1):
        following: list[_Twig] = []
        for twig in level:
            neighbours = _neighbours(heap, twig, is_top=twig is top, upward=upward)
            if distance == depth:
                twig.note = twig.note or ("depth limit" if neighbours else "")
                twig.omitted = 0
                continue
            for group in neighbours:
                if len(twig.children) >= MOST_CHILDREN or len(twigs) >= MOST_BRANCHES:
                    twig.omitted += len(group.nodes)
                    continue
                child = _Twig(group, twig.node)
                twig.children.append(child)
                twigs.append(child)
                if child.node in seen:
                    child.note = "seen above"
                else:
                    seen.add(child.node)
                    following.append(child)
        level = following
    return twigs


def _neighbours(heap: Heap, twig: _Twig, *, is_top: bool, upward: bool) -> list[Group]:
    """Return the groups next to a twig, the most telling first; none where a branch ends."""
    node = twig.node
    if upward:
        twig.note = twig.note or describe_root(heap, node)
    if not is_top and ends_search(heap, node, upward=upward):
        return []
    row = heap.graph.referrers(node) if upward else heap.graph.referents(node)
    near = row[:NEIGHBOURS].tolist()
    if len(row) > len(near):
        # Counted as what is shown is: every object once, however often it refers.
        near = list(dict.fromkeys(near))
        twig.omitted += len(set(row)) - len(near)
    if upward and heap.has(node, NAMESPACE):
        # A module's functions all refer to its names; only the module tells whose they are.
        modules = [other for other in near if heap.has(other, MODULE)]
        if modules:
            twig.omitted += len(set(near)) - len(modules)
            near = modules
    groups = group_by_type(heap, near)
    last = TYPE | MODULE | NAMESPACE
    return sorted(groups, key=lambda group: heap.has(group.nodes[0], last) and not upward)


def _branch(
    heap: Heap, top: _Twig, found: dict[int, Any], form: Callable[[object], str], *, upward: bool
) -> Branch:
    """Freeze a twig and all below it. No recursion: a tree may be deeper than the program's limit."""
    frozen: dict[int, Branch] = {}
    stack = [(top, False)]
    while stack:
        twig, ready = stack.pop()
        if not ready:
            stack.append((twig, True))
            stack += [(child, False) for child in twig.children]
            continue
        samples = twig.group.nodes[:SAMPLES]
        above = (twig.above,) * len(samples)
        pairs = (samples, above) if upward else (above, samples)
        frozen[id(twig)] = Branch(
            node=twig.node,
            address=heap.addresses[twig.node],
            type=twig.group.type,
            size=heap.size(twig.node),
            form=form_of(found, twig.node, form),
            reference="" if twig is top else reference_text(found, *pairs),
            count=len(twig.group.nodes),
            note=_named_note(twig, found),
            omitted=twig.omitted,
            children=tuple(frozen.pop(id(child)) for child in twig.children),
        )
    return frozen[id(top)]


def _named_note(twig: _Twig, found: dict[int, Any]) -> str:
    if twig.note == "root: module":
        return f"root: {form_of(found, twig.node)}"
    return twig.note

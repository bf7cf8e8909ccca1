"""Merged paths in words: the names of their references, from a few members of each; keeps no object."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import paths as core
from pdbleak._native import referent_at
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pdbleak.analyses.pathtree import PathTree
    from pdbleak.heap import Heap

MOST_NAMES = 3
MOST_KEYS = 4
UNKNOWN = "(gone since the capture)"
# To the dict of a module, a class or an instance: its keys are attributes, and each has a meaning of its own.
TO_NAMESPACE = ".__dict__"
# An object with more references is searched for so many of its elements; they stand for the others.
LARGE_ROW = 256
MOST_SEARCHED = 8
_INDEX = compile_apart(r"\[-?\d+\]")
_ELEMENT = compile_apart(r"\[[^*].*\]", re.DOTALL)
_PLACE = compile_apart(r" \(([^()]+:\d+)\)$")
_SEQUENCES = ("list", "tuple", "deque")


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of a merged path: the reference's name, the type it leads to, and how many objects are there.

    `reference` is exact (`.queue`, `['sql']`) where it is one, else general (`[*]`, `{str}`); `keys` are
    examples of what it stands for. A `*` after it: the step repeats.
    """

    reference: str
    type: str
    objects: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedPath:
    """A path from a root: what the root is, and the steps down from it."""

    root: str
    steps: tuple[PathStep, ...]

    @property
    def text(self) -> str:
        """The path on one line: `module broker .queues → dict {str} → Queue`."""
        return " → ".join([self.head, *(step_text(*pair) for pair in _pairs(self.steps) if pair[0])])

    @property
    def key(self) -> tuple[str, ...]:
        """What paths that differ in keys and indices only have in common."""
        holders = ["", *(step.type for step in self.steps)]
        general = (
            generalise(*pair) for pair in zip((each.reference for each in self.steps), holders, strict=False)
        )
        return (self.root, *general, *holders)

    def unite(self, other: NamedPath) -> NamedPath:
        """Return one path for two with the same key."""
        holders = ["", *(step.type for step in self.steps)]
        steps = tuple(
            mine
            if mine.reference == theirs.reference
            else PathStep(
                generalise(mine.reference, holder),
                mine.type,
                mine.objects + theirs.objects,
                tuple(dict.fromkeys(mine.keys + theirs.keys))[:MOST_KEYS],
            )
            for holder, mine, theirs in zip(holders, self.steps, other.steps, strict=False)
        )
        return NamedPath(self.root, steps)

    def extended(self, reference: str) -> NamedPath:
        """Return the path with one more reference, which leads to nothing that is named."""
        is_module = self.root.startswith("module ")
        top = (PathStep("", "module", 1),) if is_module else ()
        steps = without_namespaces((*top, *self.steps, PathStep(reference, "", 1)), is_module=is_module)
        return NamedPath(self.root, steps)

    @property
    def head(self) -> str:
        """The root, and the first reference from it."""
        if not self.steps or self.root.startswith("module "):
            first = self.steps[0].reference if self.steps else ""
            return " ".join(filter(None, [self.root, first]))
        return self.root


def _pairs(steps: Sequence[PathStep]) -> Iterable[tuple[str, str]]:
    """Yield each step's (type, reference from it to the next one)."""
    for index, step in enumerate(steps):
        yield step.type, steps[index + 1].reference if index + 1 < len(steps) else ""


def step_text(type_name: str, reference: str) -> str:
    """Return `Queue .messages`, or the type alone."""
    return f"{type_name} {reference}" if reference else type_name


def name_paths(heap: Heap, tree: PathTree, wanted: Iterable[tuple[int, Sequence[int]]]) -> list[NamedPath]:
    """Name the paths of some groups, each given with a few of its members. One search for all objects.

    A reference is exact where the group is told apart by its place and all examples have one name for it.
    """
    asked = [(tree.path_of(group), tuple(dict.fromkeys(members))) for group, members in wanted]
    lines = [
        [[*core.lineage(tree.parents, tree.group, member, path), member] for member in members]
        for path, members in asked
    ]
    shown = {node for each in lines for line in each for node in line}
    found = heap.resolve(shown | {tree.parents[node] for node in shown})
    _complete(heap, tree, shown, found)
    exact = _exact_names(heap, tree, found)
    return [_name_path(tree, path, each, exact, found) for (path, _), each in zip(asked, lines, strict=True)]


def _complete(heap: Heap, tree: PathTree, shown: set[int], found: dict[int, Any]) -> None:
    """Find what has too many referrers to be found from above, such as None, as a referent of its parent."""
    for node in () if heap.recall else shown - found.keys():
        if tree.parents[node] in found:
            # What is not there comes back as None, which may be the object itself.
            item = referent_at(found[tree.parents[node]], heap.addresses[node])
            if heap.addresses[node] == id(item) and id(type(item)) == heap.type_addresses[heap.type_of[node]]:
                found[node] = item


def _name_path(
    tree: PathTree,
    path: list[int],
    lines: list[list[int]],
    exact_names: Callable[[Iterable[int]], list[str]],
    found: dict[int, Any],
) -> NamedPath:
    steps = [PathStep("", tree.names[tree.name[path[0]]], tree.count[path[0]])]
    for depth, group in enumerate(path[1:], 1):
        nodes = {line[depth] for line in lines}
        if depth == len(path) - 1:
            # Of a folded group the highest is all the same; the member itself tells how the step repeats.
            nodes |= {line[-1] for line in lines}
        exact = exact_names(nodes)
        label = tree.label[group]
        alike = label != core.ANY and (label != core.SAME or all(name.startswith(".") for name in exact))
        holder = tree.names[tree.name[tree.above[group]]]
        reference = name_of_step(exact, holder, alike=alike or tree.count[group] == 1)
        reference += place_of_local(reference, found.get(tree.parents[lines[0][depth]]))
        if tree.folded[group]:
            reference = f"({reference})*" if ", " in reference else f"{reference}*"
        steps.append(
            PathStep(
                reference,
                tree.names[tree.name[group]],
                tree.count[group],
                tuple(exact[:MOST_KEYS]) if reference[0] in "[{" and reference not in exact else (),
            )
        )
    root = tree.roots[tree.label[path[0]]]
    return NamedPath(root, without_namespaces(steps, is_module=root.startswith("module ")))


def _exact_names(heap: Heap, tree: PathTree, found: dict[int, Any]) -> Callable[[Iterable[int]], list[str]]:
    """Return a function from nodes to the names by which their parents refer to them.

    An element is looked for in all of its container: of a large one a few are, or it would take a square.
    """
    searched: dict[int, list[str]] = {}

    def exact_names(nodes: Iterable[int]) -> list[str]:
        exact: dict[str, None] = {}
        for above, below in sorted((tree.parents[node], node) for node in nodes):
            if above not in found or below not in found:
                continue
            known = searched.get(above, [])
            if len(known) >= MOST_SEARCHED:
                exact |= dict.fromkeys(generalise(name, heap.type_name(above)) for name in known)
                continue
            told = names.reference_names(found[above], found[below])
            exact |= dict.fromkeys(told)
            if tree.label[tree.group[below]] == core.ANY and len(heap.graph.referents(above)) > LARGE_ROW:
                searched[above] = known + told
        return list(exact)

    return exact_names


def name_of_step(exact: Sequence[str], holder: str, *, alike: bool) -> str:
    """Return one name for references of one group: an exact one, or one that stands for all.

    `alike` says that the examples speak for the others. `holder` is the type that refers.
    """
    if not exact:
        return UNKNOWN
    if alike and len(exact) == 1:
        return exact[0]
    general = dict.fromkeys(generalise(name, holder) for name in exact)
    if len(general) > MOST_NAMES or (not alike and any(name.startswith(".") for name in general)):
        general = dict.fromkeys(".*" if name.startswith(".") else name for name in general)
    return ", ".join([*general][:MOST_NAMES]) + (", …" if len(general) > MOST_NAMES else "")


def place_of_local(reference: str, holder: object) -> str:
    """Return ` at file:line` for a local variable of what is suspended, else nothing."""
    place = _PLACE.search(names.form(holder, limit=200)) if reference.startswith("local ") else None
    return f" at {place[1]}" if place else ""


def generalise(name: str, holder: str) -> str:
    """Return `[*]` for an index, `{str}` for a key, by the key's type; any other name as it is."""
    if name.endswith("]*"):
        return generalise(name[:-1], holder) + "*"
    if not _ELEMENT.fullmatch(name):
        return name
    if name.startswith("[key "):
        return "{key}"
    if _INDEX.fullmatch(name):
        return "[*]" if holder.rpartition(".")[2] in _SEQUENCES else "{int}"
    first = name[1]
    kinds = {"'": "{str}", '"': "{str}", "b": "{bytes}", "(": "{tuple}"}
    return kinds.get(first, "{…}")


def without_namespaces(steps: Sequence[PathStep], *, is_module: bool) -> tuple[PathStep, ...]:
    """Leave out the namespace between an object and its attribute: `.__dict__`, `['conn']` is `.conn`.

    A module that is the root is no step either: its name is the root's.
    """
    kept: list[PathStep] = []
    for step in steps:
        inside = len(kept) > 1 and kept[-1].reference.removesuffix("*") == TO_NAMESPACE
        if inside and step.reference.startswith(("[", "{")):
            # Where a namespace repeats, what leads on to it does: an attribute with another of its kind.
            around = kept[-1].reference.endswith("*") and step.type == kept[-2].type
            repeats = around or step.reference.endswith("*")
            reference = _attribute(step.reference.removesuffix("*")) + "*" * repeats
            kept[-1] = replace(step, reference=reference, keys=())
        else:
            kept.append(step)
    return tuple(_once(kept[1:] if is_module and len(kept) > 1 else kept))


def _attribute(key: str) -> str:
    if key.startswith("['") and key[2:-2].isidentifier():
        return f".{key[2:-2]}"
    return ".*" if key == "{str}" else f".__dict__{key}"


def _once(steps: Sequence[PathStep]) -> list[PathStep]:
    """Leave out steps that are the same as one that is told to repeat, behind them."""
    kept: list[PathStep] = []
    for step in steps:
        while kept and (kept[-1].reference + "*", kept[-1].type) == (step.reference, step.type):
            kept.pop()
        kept.append(step)
    return kept

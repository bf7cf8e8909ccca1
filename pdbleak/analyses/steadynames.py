"""Names of merged steps that say the same in every capture; keeps no object."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import inline_values, managed_dict
from pdbleak._native import paths as core
from pdbleak.analyses.pathnames import LARGE_ROW, UNKNOWN, generalise, name_of_step
from pdbleak.analyses.pathtree import NOWHERE
from pdbleak.heap import NAMESPACE, TYPE
from pdbleak.names.attributes import members
from pdbleak.names.containers import in_dict, key_text
from pdbleak.names.references import attribute
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.analyses.pathtree import PathTree
    from pdbleak.heap import Heap

# A key that is a word of the program's, such as 'pending'; one with digits is more likely one of many.
WORD = compile_apart(r"\['[^\W\d](?:[^\W\d]|[ ./-]){0,31}'\]")
ADDRESS = compile_apart(r"0x[0-9a-f]+")
FIXED = {
    ("module", "dict"): ".__dict__",
    ("code", ""): "(constants)",
    ("function", "code"): ".__code__",
    ("function", "str"): ".__qualname__",
}
# C's own members, which are read without running any code; there are many functions.
OF_FUNCTIONS = tuple(
    (name, vars(FunctionType)[name].__get__)
    for name in ("__closure__", "__defaults__", "__kwdefaults__", "__globals__", "__builtins__")
)
INDEXED = ("list", "tuple", "deque")
UNORDERED = ("set", "frozenset")


def name_steps(
    heap: Heap, tree: PathTree, groups: Iterable[int], memory: dict[int, str] | None = None
) -> dict[int, str]:
    """Return {group: the reference that leads to its members}, a root's text for a root's group.

    By the first and the last member: names that both have, else what both have in common. One search for
    all objects, and O(size of the referrer) per name that is not known by the referrer's kind. `memory` has
    the names of the last time by who the members are, and is renewed: most of a program never changes.
    """
    named: dict[int, str] = {}
    keys: dict[int, int] = {}
    asked: dict[int, list[tuple[int, int]]] = {}
    for group in groups:
        if tree.above[group] == NOWHERE:
            named[group] = tree.origins[tree.label[group]]
            continue
        known = _known(heap, tree, group)
        if known:
            named[group] = known
        else:
            ends = dict.fromkeys((tree.first[group], tree.last[group]))
            keys[group] = _identity(heap, tree, ends)
            remembered = memory.get(keys[group], "") if memory else ""
            if remembered:
                named[group] = remembered
            else:
                asked[group] = [(tree.parents[node], node) for node in ends]
    found = heap.resolve({node for pairs in asked.values() for pair in pairs for node in pair})
    for group, pairs in asked.items():
        holder = tree.names[tree.name[tree.above[group]]]
        named[group] = _common(
            [_exact(above, node, found) or _replaced(heap, above, node, found) for above, node in pairs],
            holder,
        )
    if memory is not None:
        memory.clear()
        memory.update((key, named[group]) for group, key in keys.items() if named[group] != UNKNOWN)
    return named


def _identity(heap: Heap, tree: PathTree, ends: Iterable[int]) -> int:
    """Return a number for some members and those that hold them: their addresses and types."""
    both = [each for node in ends for each in (tree.parents[node], node)]
    types = [heap.type_addresses[heap.type_of[each]] for each in both]
    return hash((*types, *(heap.addresses[each] for each in both)))


def _known(heap: Heap, tree: PathTree, group: int) -> str:
    """Return the name of what lies in a sequence, in a set, or anywhere in a namespace: no look is needed."""
    holder = tree.names[tree.name[tree.above[group]]].rpartition(".")[2]
    if holder in INDEXED:
        return "[*]"
    if holder in UNORDERED:
        return "{…}"
    parent = tree.parents[tree.first[group]]
    if tree.label[group] == core.ANY and (
        heap.has(parent, NAMESPACE) or heap.has(tree.parents[parent], TYPE)
    ):
        return "{str}"
    # Of types, code and functions there are many, and nobody looks for a leak in what they are made of.
    below = tree.names[tree.name[group]]
    if heap.has(parent, TYPE):
        return ".__dict__" if below == "dict" else "(of the type)"
    return FIXED.get((holder, below), "") or FIXED.get((holder, ""), "")


def _exact(above: int, node: int, found: dict[int, Any]) -> list[str]:
    """Return the names of a reference, in the common cases without asking all that might have one."""
    if above not in found or node not in found:
        return []
    holder, item = found[above], found[node]
    if type(holder) is dict:
        return list(in_dict(holder, item)) or [UNKNOWN]
    if type(holder) is FunctionType:
        known = [f".{name}" for name, read in OF_FUNCTIONS if read(holder) is item]
        if known:
            return known
    inline = [attribute(name) for name, value in inline_values(holder) or () if value is item]
    if inline:
        return inline
    return [".__dict__"] if managed_dict(holder) is item else names.reference_names(holder, item)


def _replaced(heap: Heap, above: int, node: int, found: dict[int, Any]) -> list[str]:
    """Return the name under which another thread has put another object since, where there is only one.

    That is one of the same type which the capture has not seen there.
    """
    if above not in found or heap.recall is not None:
        return []
    holder = found[above]
    if type(holder) is dict:
        entries = [(f"[{key_text(key)}]", value) for key, value in list(holder.items())[:LARGE_ROW]]
    else:
        stored = [*(inline_values(holder) or ()), *members(holder)]
        entries = [(attribute(name), value) for name, value in stored]
    seen = {heap.addresses[each] for each in heap.graph.referents(above)}
    kind = heap.type_addresses[heap.type_of[node]]
    new = [name for name, value in entries if id(type(value)) == kind and id(value) not in seen]
    return new if len(new) == 1 else []


def _common(examples: list[list[str]], holder: str) -> str:
    """Return what some members' names have in common."""
    steady = [[_steady(name, holder) for name in each] for each in examples if each]
    if not steady:
        return UNKNOWN
    both = [name for name in steady[0] if all(name in each for each in steady[1:])]
    if both:
        return name_of_step(list(dict.fromkeys(both)), holder, alike=True)
    general = dict.fromkeys(general_step(name, holder) for each in steady for name in each)
    return name_of_step(list(general), holder, alike=True)


def _steady(name: str, holder: str) -> str:
    """Return a name without what another capture would not show: an address, an index, one key of many."""
    if name.startswith("[") and not WORD.fullmatch(name):
        name = generalise(name, holder)
    return ADDRESS.sub("0x…", name)


def general_step(name: str, holder: str) -> str:
    """Return what a name is one of: `.*` for an attribute, `{str}` for a key; any other as it is."""
    return ".*" if name.startswith(".") else generalise(name, holder)

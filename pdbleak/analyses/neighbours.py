"""Groups of references with one name and type, as both a portrait and a tree show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pdbleak.heap import Heap

_INDEX = compile_apart(r"^\[(?:key )?.*\]$", re.DOTALL)
_GONE = "(gone since the capture)"


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes of one type that stand in the same relation to another node; the first one speaks for them."""

    nodes: tuple[int, ...]
    type: str


def group_by_type(heap: Heap, nodes: Iterable[int]) -> list[Group]:
    """Group nodes by type, in the order in which each type comes first; repeated nodes count once."""
    groups: dict[str, list[int]] = {}
    for node in dict.fromkeys(nodes):
        groups.setdefault(heap.type_name(node), []).append(node)
    return [Group(tuple(members), name) for name, members in groups.items()]


def generalise(name: str) -> str:
    """Return `[*]` for an index or a key, any other name as it is."""
    return "[*]" if _INDEX.match(name) else name


def reference_text(found: dict[int, Any], referrers: Iterable[int], referents: Iterable[int]) -> str:
    """Return the names of some references of one kind as one text: `.queue`, `[*]`, `.left, .right`."""
    exact: dict[str, None] = {}
    for referrer, referent in zip(referrers, referents, strict=True):
        if referrer in found and referent in found:
            exact |= dict.fromkeys(names.reference_names(found[referrer], found[referent]))
    if len(exact) == 1:
        return next(iter(exact))
    return ", ".join(dict.fromkeys(generalise(name) for name in exact)) or _GONE


def form_of(found: dict[int, Any], node: int, form: Callable[[object], str] = names.form) -> str:
    """Return the safe one-line form of a node's object."""
    return form(found[node]) if node in found else _GONE


def next_for(near: str, command: str) -> str:
    """Return what to type after a type that nobody has: the command with the nearest name, if one is near."""
    return f"leak {command} {near}" if near else "leak types 20"

"""By which references some objects are held, as text with the types that refer; keeps no object."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak.analyses.pathnames import generalise
from pdbleak.analyses.roots import describe_root
from pdbleak.heap import GARBAGE, MODULE, NAMESPACE
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdbleak.heap import Heap

# Referrers of one object that are named, and owners of a dict among which its instance is looked for.
MOST_REFERRERS = 24
MOST_OWNERS = 4
# Referrers with more references are asked for a few of their names only, which then stand for the others.
LARGE_ROW = 128
MOST_ASKED = 4
MANY = "(and more)"
NOBODY = "no reference that the capture can see"
# A key, at the end of a way.
_KEY = compile_apart(r" \[['\"].*\]$", re.DOTALL)


def ways_to(heap: Heap, nodes: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return by which names each of some nodes is referred to, such as `Queue .messages`, `dict ['sql']`.

    A way without a reference is a frame's local, `held by C`, or `garbage`. Of an object with more than 24
    referrers some of each type are named. O(references to them, and the sizes of the referrers).
    """
    above = {node: _near(heap, node, MOST_REFERRERS) for node in nodes}
    referrers = {each for near in above.values() for each in near}
    owners = {each: _near(heap, each, MOST_OWNERS) for each in referrers if heap.type_name(each) == "dict"}
    for each in owners:
        if heap.has(each, NAMESPACE):
            # All functions of a module refer to its names; only the module tells whose they are.
            owners[each] = [other for other in heap.graph.referrers(each) if heap.has(other, MODULE)][:1]
    found = heap.resolve(above.keys() | referrers | {owner for near in owners.values() for owner in near})
    holders = {each: _holder(heap, found, each, owners.get(each, [])) for each in referrers if each in found}
    asked: dict[int, list[str]] = {}
    return {
        node: frozenset(_ways_of(heap, found, holders, asked, near, node)) for node, near in above.items()
    }


def without_keys(ways: Iterable[str]) -> frozenset[str]:
    """Return ways with `{str}` in place of keys."""
    return frozenset(_KEY.sub(" {str}", way) for way in ways)


def _near(heap: Heap, node: int, most: int) -> list[int]:
    """Return some of a node's referrers, as many types as there are among the first few hundred."""
    near = list(dict.fromkeys(heap.graph.referrers(node)[: 8 * most]))
    if len(near) <= most:
        return near
    ordinals: dict[str, int] = {}
    ranked = []
    for each in near:
        name = heap.type_name(each)
        ordinals[name] = ordinals.get(name, 0) + 1
        ranked.append((ordinals[name], each))
    return [each for _, each in sorted(ranked)[:most]]


def _holder(heap: Heap, found: dict[int, Any], node: int, owners: list[int]) -> tuple[str, bool]:
    """Return what a referrer is called, and whether it is the namespace of what is called so."""
    for owner in owners:
        if owner in found and ".__dict__" in names.reference_names(found[owner], found[node]):
            if heap.has(owner, MODULE):
                return names.form(found[owner]), True
            return heap.type_name(owner), True
    return heap.type_name(node), False


def _ways_of(
    heap: Heap,
    found: dict[int, Any],
    holders: dict[int, tuple[str, bool]],
    asked: dict[int, list[str]],
    near: list[int],
    node: int,
) -> Iterator[str]:
    nobody = True
    for referrer in near:
        if referrer in holders and node in found:
            holder, is_namespace = holders[referrer]
            nobody = False
            if is_namespace or len(heap.graph.referents(referrer)) <= LARGE_ROW:
                for name in names.reference_names(found[referrer], found[node]):
                    yield f"{holder} {_name(name, holder, is_namespace=is_namespace)}"
            else:
                known = asked.setdefault(referrer, [])
                if len(known) < MOST_ASKED:
                    known += [
                        generalise(name, holder)
                        for name in names.reference_names(found[referrer], found[node])
                    ]
                yield f"{holder} {known[0] if len(set(known)) == 1 else '{…}'}"
    root = describe_root(heap, node).removeprefix("root: ")
    if root.startswith(("local", "running")):
        yield root
    elif nobody:
        yield "garbage" if heap.has(node, GARBAGE) else root or NOBODY
    if len(near) == MOST_REFERRERS:
        yield MANY


def _name(name: str, holder: str, *, is_namespace: bool) -> str:
    if is_namespace and name.startswith("['"):
        inside = name[2:].removesuffix("']")
        return f".{inside}" if inside.isidentifier() else name
    general = generalise(name, holder)
    # A dict's key tells which reference it is; an index does not.
    return name if general == "{str}" else general

"""From a name to a node of a saved heap: an address, or a way from a module; evaluates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak.heap import MODULE
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.heap import Heap

ADDRESS = compile_apart(r"0x[0-9a-fA-F]{1,16}")
STEP = compile_apart(r"\.?([^\W\d]\w*)|(\[[^\[\]]*\])")
MOST_ELEMENTS = 10_000


def find_named(heap: Heap, text: str) -> int | None:
    """Return the node that `0x7f12…` or `module.attribute['key'][3]` means, None where none is found.

    The longest name of a module is taken. O(modules + references on the way).
    """
    text = text.strip("() ")
    if ADDRESS.fullmatch(text):
        return heap.node_at(int(text, 16))
    modules = _modules(heap)
    dotted = text.partition("[")[0]
    while dotted:
        if dotted in modules:
            return _follow(heap, modules[dotted], text[len(dotted) :])
        dotted = dotted.rpartition(".")[0]
    return None


def _modules(heap: Heap) -> dict[str, int]:
    marks = heap.marks(MODULE)
    nodes = [node for node, mark in enumerate(bytes(marks)) if mark]
    forms = {node: names.form(item) for node, item in heap.resolve(nodes).items()}
    return {form.removeprefix("module ").strip("'").partition("'")[0]: node for node, form in forms.items()}


def _follow(heap: Heap, node: int, rest: str) -> int | None:
    """Follow attributes and keys from a node."""
    place = 0
    while place < len(rest):
        step = STEP.match(rest, place)
        if step is None:
            return None
        wanted = (f".{step[1]}", f"['{step[1]}']") if step[1] else (step[2], step[2].replace('"', "'"))
        found = _below(heap, node, wanted, inside=bool(step[1]))
        if found is None:
            return None
        node, place = found, step.end()
    return node


def _below(heap: Heap, node: int, wanted: Iterable[str], *, inside: bool) -> int | None:
    """Return the referent by one of some names; with `inside`, also what its namespace has."""
    referents = heap.graph.referents(node)[:MOST_ELEMENTS].tolist()
    found = heap.resolve([node, *referents])
    namespace = None
    for below in dict.fromkeys(referents):
        known = names.reference_names(found[node], found[below])
        if any(name in known for name in wanted):
            return int(below)
        if ".__dict__" in known:
            namespace = below
    return _below(heap, namespace, wanted, inside=False) if inside and namespace is not None else None

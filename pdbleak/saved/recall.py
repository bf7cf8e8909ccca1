"""What a saved heap remembers of its objects: forms and names, made from the file's columns on demand."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pdbleak._native.columns import places
from pdbleak._native.labels import IS_PLACE
from pdbleak.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdbleak.analyses.orphans import Unowned
    from pdbleak.analyses.waits import Waits
    from pdbleak.graph import Graph

    Verdict = Literal["", "alive", "finished"]

MOST_NAMES = 8
BETWEEN = "\x1f"
SIZED = ("list", "tuple", "dict", "set", "frozenset")


@dataclass(frozen=True, slots=True)
class Texts:
    """Many texts in one array; `ends` is where each ends."""

    ends: memoryview
    data: memoryview

    def __iter__(self) -> Iterator[str]:
        """Yield them in their order."""
        return map(self.__getitem__, range(len(self.ends)))

    def __getitem__(self, index: int) -> str:
        """Return one of them."""
        start = self.ends[index - 1] if index else 0
        return bytes(self.data[start : self.ends[index]]).decode("utf-8", "replace")


def harmless(text: str) -> str:
    """Return a text without signs that a terminal would obey, whatever the file says."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "?" for sign in text)


@dataclass(frozen=True, slots=True)
class Recall:
    """The answers of one file; a heap calls it with nodes."""

    graph: Graph
    types: tuple[str, ...]
    type_of: memoryview
    type_addresses: tuple[int, ...]
    addresses: memoryview
    labels: memoryview
    names: Texts
    form_nodes: memoryview
    forms: Texts
    finalized: frozenset[int]
    weak: dict[int, int]
    # The objects that were asked whether they have finished, what they told, and in which words.
    judged: memoryview | None = None
    told: memoryview = field(default_factory=lambda: memoryview(b""))
    judgements: tuple[tuple[Verdict, str], ...] = (("", ""),)
    waits: Waits | None = None
    unowned: Unowned | None = None
    # One stand-in for each object, so that it is bound to one handle.
    known: dict[int, Remembered] = field(default_factory=dict)

    def __call__(self, nodes: Iterable[int]) -> dict[int, Remembered]:
        """Return what is remembered of some nodes."""
        return {node: self.known.get(node) or self._remember(node) for node in nodes}

    def _remember(self, node: int) -> Remembered:
        kind = self.type_of[node]
        weak = self.weak.get(node, 0)

        def names_to(referent: int) -> tuple[str, ...]:
            return self.names_between(node, referent)

        verdict, reason = self.judgement(node)
        made = Remembered(
            node,
            self.form(node),
            names_to,
            finalizer=kind in self.finalized,
            weak=weak,
            verdict=verdict,
            reason=reason,
        )
        self.known[node] = made
        return made

    def judgement(self, node: int) -> tuple[Verdict, str]:
        """Return whether an object had finished and why, empty texts where nothing told."""
        judged = self.judged or ()
        place = bisect_left(judged, node)
        known = place < len(judged) and judged[place] == node
        return self.judgements[self.told[place]] if known else ("", "")

    def form(self, node: int) -> str:
        """Return a node's form; for one that was not written down, its type and address, or its length."""
        place = bisect_left(self.form_nodes, node)
        if place < len(self.form_nodes) and self.form_nodes[place] == node:
            return harmless(self.forms[place])
        name = self.types[self.type_of[node]]
        if name in SIZED:
            return f"{name} of {len(self.graph.referents(node))} references"
        return f"<{name} at {self.addresses[node]:#x}>"

    def names_between(self, referrer: int, referent: int) -> tuple[str, ...]:
        """Return by which names a node refers to another. O(references of the referrer), at C speed."""
        start, stop = self.graph.offsets[referrer : referrer + 2]
        found: dict[str, None] = {}
        # Sequences are visited from their end: the first places are the last references.
        backwards = start < stop and bool(self.labels[start] & IS_PLACE)
        for edge in places(self.graph.targets, start, stop, referent, MOST_NAMES + 1, backwards):
            found |= dict.fromkeys(self._names_of(self.labels[edge]))
        if self.addresses[referent] == self.type_addresses[self.type_of[referrer]]:
            found[".__class__"] = None
        names = [name for name in found if name] or [f"(held by {self.types[self.type_of[referrer]]} in C)"]
        return tuple(names) if len(names) <= MOST_NAMES else (*names[:MOST_NAMES], "(and more)")

    def _names_of(self, code: int) -> tuple[str, ...]:
        if code & IS_PLACE:
            return (f"[{code & ~IS_PLACE}]",)
        return tuple(map(harmless, self.names[code].split(BETWEEN)))

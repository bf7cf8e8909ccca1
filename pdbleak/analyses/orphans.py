"""References that nobody visible owns, by type, and which of them are new; knows no prompt."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak.analyses.ledger import SMALL, large_bytes
from pdbleak.analyses.untraversed import LOOKUPS, untraversed_holders

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.analyses.ledger import Ledger
    from pdbleak.heap import Heap

LEAST = 1 << 20
LATER = "c, then later: leak orphans"
# At a saved heap, where there is no other look.
NO_LATER = "leak zombies"
# More references to the same ones prove nothing: the interpreter takes such without a trace, and objects that
# show nothing to the collector hold their type.
COUNTED_LOOSELY = frozenset({"str", "bytes", "int", "float", "type"})


@dataclass(frozen=True, slots=True)
class Unowned:
    """{node: (holder, references)} of what nobody visible owns, and whether all was looked at."""

    found: dict[int, tuple[str, int]]
    complete: bool


@dataclass(frozen=True, slots=True)
class Orphan:
    """Objects of one type with references that nobody visible owns: how many, and how many of them are new.

    `holder` is who hides them (`atexit`, numpy's object arrays), empty where it is unknown: C code. `size`
    is their shallow bytes, `handle` and `form` stand for one example, a new one where there is any.
    """

    type: str
    holder: str
    objects: int
    references: int
    size: int
    new: int
    new_references: int
    handle: str
    form: str


@dataclass(frozen=True, slots=True)
class OrphanMark:
    """The orphans of one moment as numbers: (objects, references) by (type, holder), addresses, the ledger.

    `unmet` are bytes that Python's allocator has in use beyond the small objects that the capture met: what
    C code leaked and no walk reaches (str, bytes, numbers), and the interpreter's own.
    """

    taken: float
    tally: dict[tuple[str, str], tuple[int, int]]
    addresses: array[int]
    ledger: Ledger
    unmet: int | None


@dataclass(frozen=True, slots=True)
class Orphans:
    """Objects that C holds; `seconds` since the last look, None at the first, when nothing is new.

    `new` of `objects` are new, `constant` are as before; `c_heap` and `unmet` are how many bytes more
    malloc has in use for C code, and Python's allocator for what no walk meets; None where unknown.
    """

    rows: tuple[Orphan, ...]
    objects: int
    new: int
    constant: int
    seconds: float | None
    c_heap: int | None
    unmet: int | None
    omitted: int
    notes: tuple[str, ...]
    next: str


def find_orphans(heap: Heap) -> Unowned:
    """Return the objects of a live heap with unexplained references.

    The references are the object's own count less those that the graph, the frames and the known
    holders explain. O(roots + elements of object arrays).
    """
    holders, complete = untraversed_holders(heap)
    found: dict[int, tuple[str, int]] = {}
    for node in heap.roots:
        left = heap.unexplained[node]
        holder = ""
        for name, held in holders.items():
            if left and held.get(node):
                left, holder = max(0, left - held[node]), name
        if left:
            found[node] = "", left
        elif holder not in ("", LOOKUPS):
            found[node] = holder, heap.unexplained[node]
    return Unowned(found, complete)


def mark_orphans(heap: Heap, found: dict[int, tuple[str, int]], ledger: Ledger) -> OrphanMark:
    """Keep what a later look is compared with: numbers and text only."""
    tally: dict[tuple[str, str], tuple[int, int]] = {}
    for node, (holder, references) in found.items():
        key = heap.type_name(node), holder
        objects, sum_ = tally.get(key, (0, 0))
        tally[key] = objects + 1, sum_ + references
    met = sum(size for _, size in heap.tally().values())
    large = large_bytes(heap, SMALL)
    return OrphanMark(
        taken=time.monotonic(),
        tally=tally,
        addresses=array(
            "Q", sorted(heap.addresses[node] for node in found if heap.type_name(node) not in COUNTED_LOOSELY)
        ),
        ledger=ledger,
        unmet=None if ledger.small is None else ledger.small - (met - large),
    )


def report_orphans(
    heap: Heap,
    unowned: Unowned,
    before: OrphanMark | None,
    now: OrphanMark,
    *,
    bind: Callable[[object], str],
    form: Callable[[object], str] = names.form,
    limit: int = 10,
) -> Orphans:
    """Say what C holds, and against an earlier look what it holds newly: constant noise cancels. O(orphans).

    Without an earlier look, types of the program come first. `bind` gives an example a handle.
    """
    found = unowned.found
    examples = _examples(heap, found, before)
    old = before.tally if before else {}
    ranked = []
    for key, (objects, references) in now.tally.items():
        had = old.get(key, (0, 0))
        # An object may be held anew at an address that was there already: then only its references tell.
        grown = (objects - had[0], references - had[1]) if before else (0, 0)
        if not before or grown[0] > 0 or (grown[1] > 0 and key[0] not in COUNTED_LOOSELY):
            ranked.append((key, grown))
    telling = heap.program_types
    ranked.sort(key=lambda row: (row[0][1] != "", *(-each for each in row[1]), row[0][0] not in telling,
                                 -now.tally[row[0]][0], row[0]))  # fmt: skip
    shown = ranked[:limit]
    live = heap.resolve({examples[key][0] for key, _ in shown if key in examples})
    rows = []
    for key, (new, new_references) in shown:
        node, size = examples[key]
        item = live.get(node)
        rows.append(
            Orphan(
                type=key[0],
                holder=key[1],
                objects=now.tally[key][0],
                references=now.tally[key][1],
                size=size,
                new=max(0, new),
                new_references=max(0, new_references),
                # The interpreter's own constants need no names.
                handle=bind(item) if node in live and (before or key[0] in telling) else "",
                form=form(item) if node in live else "(only C leads to it)",
            )
        )
    new = sum(max(0, grown[0]) for (_, holder), grown in ranked if not holder)
    c_heap, unmet = _difference(before, now)
    return Orphans(
        rows=tuple(rows),
        objects=len(found),
        new=new,
        constant=len(found) - sum(max(0, grown[0]) for _, grown in ranked),
        seconds=now.taken - before.taken if before else None,
        c_heap=c_heap,
        unmet=unmet,
        omitted=len(ranked) - len(shown),
        notes=() if unowned.complete else ("of the largest object arrays not all elements were looked at",),
        next=_next(rows, before, max(c_heap or 0, unmet or 0), saved=heap.recall is not None),
    )


def _examples(
    heap: Heap, found: dict[int, tuple[str, int]], before: OrphanMark | None
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return {(type, holder): (one node, shallow bytes of all)}; a node that was not there before, if any."""
    chosen: dict[tuple[str, str], tuple[int, int]] = {}
    fresh: set[tuple[str, str]] = set()
    for node, (holder, _) in found.items():
        key = heap.type_name(node), holder
        known = before is not None and _contains(before.addresses, heap.addresses[node])
        example, size = chosen.get(key, (node, 0))
        if not known and key not in fresh:
            example = node
            fresh.add(key)
        chosen[key] = example, size + heap.size(node)
    return chosen


def _contains(addresses: array[int], address: int) -> bool:
    place = bisect_left(addresses, address)
    return place < len(addresses) and addresses[place] == address


def _difference(before: OrphanMark | None, now: OrphanMark) -> tuple[int | None, int | None]:
    """Return how many bytes more malloc has in use for C, and Python's allocator for what no walk meets."""
    if before is None:
        return None, None
    old, new = before.ledger.c_heap, now.ledger.c_heap
    c_heap = None if old is None or new is None else new - old
    unmet = None if before.unmet is None or now.unmet is None else now.unmet - before.unmet
    return c_heap, unmet


def _next(rows: list[Orphan], before: OrphanMark | None, grown: int, *, saved: bool) -> str:
    """Return what to ask next: the bigger of what objects and what C code without objects took leads."""
    if before is None and not saved:
        return LATER
    held = [row for row in rows if row.handle and not row.holder]
    if grown >= max(LEAST, sum(row.size * row.new // row.objects for row in held)):
        return "leak memory"
    return f"leak show {held[0].handle}" if held else NO_LATER if saved else LATER

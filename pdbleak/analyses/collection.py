"""What is garbage, and what a collection frees."""

from __future__ import annotations

import gc
import time
import weakref
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak._native import algorithms
from pdbleak.analyses.census import TypeCount, type_counts
from pdbleak.analyses.resident import resident_bytes
from pdbleak.heap import GARBAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.heap import Heap

# Held when this module is first loaded: the program may replace the name in gc later.
_collect = gc.collect


class _Probe:
    """Garbage of our own, which every collection that runs frees."""

    __slots__ = ("__weakref__", "itself")

    itself: _Probe


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection: garbage before, what died by type, what stays uncollectable.

    `collected` is the collector's own number; bytes are shallow; `rss_before` and `rss_after` are
    the process's resident bytes (0 where unknown); `kept` counts garbage that finalizers revived or
    that is still there for another reason.
    """

    generation: int
    garbage: int
    garbage_size: int
    freed: tuple[TypeCount, ...]
    freed_objects: int
    freed_size: int
    kept: tuple[TypeCount, ...]
    collected: int
    uncollectable: tuple[TypeCount, ...]
    rss_before: int
    rss_after: int
    seconds: float
    note: str
    next: str


def collect(before: Heap, capture: Callable[[], Heap], *, generation: int = 2, held: int = 0) -> Collection:
    """Collect, and compare what was garbage before with what is there afterwards. Runs finalizers.

    `capture` takes the heap anew; `held` is how many objects the prompt itself holds. O(V + E), twice.
    """
    garbage = before.tally(GARBAGE)
    rss_before = resident_bytes()
    started = time.perf_counter()
    ran, collected = run_collection(generation)
    seconds = time.perf_counter() - started
    rss_after = resident_bytes()
    after = capture()
    kept = _still_there(before, after)
    freed = {
        name: (count - kept.get(name, (0, 0))[0], size - kept.get(name, (0, 0))[1])
        for name, (count, size) in garbage.items()
        if count > kept.get(name, (0, 0))[0]
    }
    freed_rows = type_counts(freed)
    uncollectable = Counter(names.type_name(type(item)) for item in gc.garbage)
    return Collection(
        generation=generation,
        garbage=sum(count for count, _ in garbage.values()),
        garbage_size=sum(size for _, size in garbage.values()),
        freed=freed_rows,
        freed_objects=sum(row.count for row in freed_rows),
        freed_size=sum(row.size for row in freed_rows),
        kept=type_counts(kept),
        collected=collected,
        uncollectable=type_counts({name: (count, 0) for name, count in uncollectable.items()}),
        rss_before=rss_before,
        rss_after=rss_after,
        seconds=seconds,
        note=_note(ran=ran, kept=bool(kept), generation=generation, held=held),
        next=f"leak cycles {freed_rows[0].type}" if kept and freed_rows else "leak types 20",
    )


def _still_there(before: Heap, after: Heap) -> dict[str, tuple[int, int]]:
    """Return the tally of what was garbage and has the same address and type afterwards."""
    nodes = algorithms.common(before.addresses, before.marks(GARBAGE), after.addresses)
    kept: dict[str, tuple[int, int]] = {}
    for node in memoryview(nodes):
        name = before.type_name(node)
        now = after.node_at(before.addresses[node])
        if now is not None and after.type_name(now) == name:
            count, size = kept.get(name, (0, 0))
            kept[name] = count + 1, size + before.size(node)
    return kept


def run_collection(generation: int) -> tuple[bool, int]:
    """Collect; return whether that ran, and the collector's count: inside of a collection none runs."""
    probe = _Probe()
    probe.itself = probe
    alive = weakref.ref(probe)
    del probe
    collected = _collect(generation)
    ran = alive() is None
    return ran, collected - ran


def _note(*, ran: bool, kept: bool, generation: int, held: int) -> str:
    if not ran:
        return "nothing was freed: a collection is running already, the prompt was opened inside of it"
    if kept and generation < 2:  # noqa: PLR2004 - the oldest generation
        return "older generations were not looked at; leak gc looks at all"
    if kept and held:
        return "what _1, _2, ... name is kept by this prompt, with all it leads to; it is freed after c"
    return ""

"""Where the resident memory is: the ledger of one moment, and what changed between two; knows no object."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from pdbleak._native import algorithms
from pdbleak.analyses.allocators import malloc_name, read_arenas, read_malloc
from pdbleak.analyses.mappings import read_mappings
from pdbleak.analyses.resident import resident_bytes
from pdbleak.heap import LARGE

if TYPE_CHECKING:
    from pdbleak.analyses.allocators import Arenas, Malloc
    from pdbleak.analyses.mappings import Mappings
    from pdbleak.heap import Heap

# What Python's allocator leaves to malloc is larger than this (SMALL_REQUEST_THRESHOLD, pycore_obmalloc.h).
SMALL = 512
# Of Python's newest arena the pages that were never used are not resident yet.
ARENA = 1 << 20
PLACES = {
    "small": "Python objects up to 512 B",
    "large": "Python objects over 512 B",
    "c_heap": "C heap besides",
    "other": "other anonymous memory",
    "holes": "holes in Python's arenas",
    "kept": "freed, kept by malloc",
    "files": "files: code, libraries, mmap",
    "stacks": "stacks of threads",
    "own": "pdbleak's capture",
    "untouched": "in use, not resident",
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The resident memory of one moment (`taken`, monotonic seconds), in bytes; None where nobody tells.

    `small` and `holes` are in Python's arenas; `in_use` is malloc's, of which `large` are Python objects
    over 512 bytes (all, where Python's allocator is off), None without a capture; `kept` is what malloc
    keeps of what was freed; `own` the capture of pdbleak; `other` what nobody accounts for, `untouched`
    what is in use without being resident: never written, or `swapped`. `allocator` names the malloc,
    `arenas` counts its arenas.
    """

    taken: float
    rss: int
    small: int | None
    large: int | None
    in_use: int | None
    other: int | None
    holes: int | None
    kept: int | None
    files: int | None
    stacks: int | None
    own: int
    untouched: int | None
    swapped: int
    allocator: str
    arenas: int

    @property
    def c_heap(self) -> int | None:
        """Bytes of malloc in use that are not known to be Python objects."""
        return None if self.in_use is None else max(0, self.in_use - (self.large or 0))


def unknown_ledger() -> Ledger:
    """Return the ledger of what was never asked: nothing is known, and nothing is resident."""
    nobody: dict[str, Any] = dict.fromkeys(each.name for each in fields(Ledger))
    counted = dict.fromkeys(("rss", "own", "swapped", "arenas"), 0)
    return Ledger(**{**nobody, **counted, "taken": 0.0, "allocator": ""})


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a ledger: what it is, its bytes, and how many more than before; None where unknown."""

    key: str
    name: str
    size: int | None
    change: int | None


def take_ledger(*, own: int = 0) -> Ledger:
    """Ask the allocators and the kernel; a few milliseconds. `own` bytes are pdbleak's.

    O(mappings + pools + free chunks), no object is looked at.
    """
    # The allocators first: what reading the mappings takes is no part of the answer.
    arenas, malloc = read_arenas(), read_malloc()
    return balance(arenas, malloc, read_mappings(), own=own)


def balance(
    arenas: Arenas | None, malloc: Malloc | None, mappings: Mappings | None, *, own: int = 0
) -> Ledger:
    """Put the reports of one moment together, so that the places add up to the RSS."""
    taken = time.monotonic()
    in_use = malloc.used + malloc.mapped if malloc else None
    kept = malloc.free if malloc else None
    holes = arenas.holes if arenas else None
    rest = None
    if mappings:
        if malloc and kept is not None:
            # What was freed may be returned to the system already, page by page.
            kept = max(0, min(kept, mappings.malloc - malloc.used))
        known = (arenas.used + arenas.holes if arenas else 0) + (in_use or 0) + (kept or 0) + own
        rest = mappings.malloc + mappings.anonymous - known
        if holes is not None and rest < 0:
            unused = min(-rest, holes, ARENA)
            holes, rest = holes - unused, rest + unused
    return Ledger(
        taken=taken,
        rss=mappings.rss if mappings else resident_bytes(),
        small=arenas.used if arenas else None,
        large=None,
        in_use=in_use,
        other=None if rest is None else max(0, rest),
        holes=holes,
        kept=kept,
        files=mappings.files if mappings else None,
        stacks=mappings.stacks if mappings else None,
        own=own,
        untouched=None if rest is None else max(0, -rest),
        swapped=mappings.swapped if mappings else 0,
        allocator=malloc_name(),
        arenas=malloc.arenas if malloc else 0,
    )


def with_objects(ledger: Ledger, heap: Heap) -> Ledger:
    """Return the ledger with the Python objects that malloc holds, by the sizes of a capture. O(V)."""
    large = large_bytes(heap, 0 if ledger.small is None else SMALL)
    return replace(ledger, large=large if ledger.in_use is None else min(large, ledger.in_use))


def large_bytes(heap: Heap, least: int) -> int:
    """Return the bytes of all objects with more than `least` bytes. O(V)."""
    # A size of 4 GiB and more stands in a table of its own, and as the largest number in the array.
    return algorithms.total_above(heap.sizes, least) + sum(size - LARGE for size in heap.large.values())


def compare(before: Ledger | None, after: Ledger) -> tuple[Place, ...]:
    """Return the places of a ledger, each with what changed; a difference needs both sides known."""
    places = []
    comparable = before is not None and (before.large is None) == (after.large is None)
    for key, name in PLACES.items():
        size, old = getattr(after, key), getattr(before, key, None)
        change = None if size is None or old is None else size - old
        if key == "c_heap" and not comparable and before and None not in (before.in_use, after.in_use):
            # The objects are known on one side only: all of malloc is compared.
            change = (after.in_use or 0) - (before.in_use or 0)
        if key in ("own", "untouched") and not size and not change:
            continue
        sign = -1 if key == "untouched" else 1
        places.append(
            Place(
                key=key,
                name=name,
                size=None if size is None else sign * size,
                change=None if change is None else sign * change,
            )
        )
    return tuple(places)

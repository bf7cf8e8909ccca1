"""Where the memory went: the ledger's verdict with its basis, and experiments; knows no object."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak._native import allocators
from pdbleak.analyses.ledger import Ledger, Place, compare, take_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.limits import Limit

# What a verdict adds up; the first place of each is what its growth is called.
GROUPS = {
    "Python objects": ("small", "large"),
    "C heap": ("c_heap", "other"),
    "fragmentation": ("holes", "kept"),
    "files": ("files",),
    "stacks": ("stacks",),
}
STEADY = "steady"
# Below a mebibyte, and below a hundredth of the RSS, a difference is noise.
LEAST = 1 << 20
LEAST_SHARE = 100
LATER = "c, then later: leak memory"
ADVICE = {
    "Python objects": "leak types 20 --by size",
    "C heap": "leak orphans",
    "fragmentation": "leak memory --trim",
}


@dataclass(frozen=True, slots=True)
class Experiment:
    """What was tried (`gc` or `trim`): seconds, the RSS before and after, and the places that moved."""

    name: str
    seconds: float
    rss_before: int
    rss_after: int
    moved: tuple[Place, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Memory:
    """The RSS by place, in bytes, and the verdict: where most of it is, or went since the last ledger.

    `seconds` since that ledger and `change` of the RSS, without pdbleak's own, are None without one;
    `swapped` bytes are in no place. `allocator` is the malloc, `arenas` how many arenas it has.
    """

    rss: int
    change: int | None
    seconds: float | None
    verdict: str
    basis: int
    places: tuple[Place, ...]
    swapped: int
    allocator: str
    arenas: int
    limits: tuple[Limit, ...]
    experiments: tuple[Experiment, ...]
    notes: tuple[str, ...]
    next: str


def report(
    before: Ledger | None,
    now: Ledger,
    *,
    limits: tuple[Limit, ...] = (),
    experiments: tuple[Experiment, ...] = (),
    notes: tuple[str, ...] = (),
) -> Memory:
    """Judge a ledger, against an earlier one where there is one."""
    verdict, basis = judge(before, now)
    after = LATER if before is None and verdict != "Python objects" else ADVICE.get(verdict, LATER)
    return Memory(
        rss=now.rss,
        change=None if before is None else _programs(now) - _programs(before),
        seconds=None if before is None else now.taken - before.taken,
        verdict=verdict,
        basis=basis,
        places=compare(before, now),
        swapped=now.swapped,
        allocator=now.allocator,
        arenas=now.arenas,
        limits=limits,
        experiments=experiments,
        notes=notes + _notes(now),
        next=LATER if experiments and verdict == "fragmentation" else after,
    )


def judge(before: Ledger | None, now: Ledger) -> tuple[str, int]:
    """Return the group with most bytes, or with most new ones since an earlier ledger; and how many.

    Nothing that grew by a mebibyte and a hundredth of the RSS is `steady`; no verdict where nothing is known.
    """
    places = compare(before, now)
    known = {place.key: place.size if before is None else place.change for place in places}
    sums = {group: sum(known.get(key) or 0 for key in keys) for group, keys in GROUPS.items()}
    if not any(sums.values()):
        return ("" if before is None else STEADY), 0
    group = max(sums, key=lambda each: sums[each])
    if before is not None and sums[group] < max(LEAST, now.rss // LEAST_SHARE):
        return STEADY, _programs(now) - _programs(before)
    return group, sums[group]


def _programs(ledger: Ledger) -> int:
    """Return the resident bytes without pdbleak's own capture."""
    return ledger.rss - ledger.own


def experiment(name: str, attempt: Callable[[], str], *, own: int = 0) -> Experiment:
    """Try something, and compare the ledgers before and after; `attempt` returns a remark or nothing."""
    before = take_ledger(own=own)
    started = time.perf_counter()
    note = attempt()
    seconds = time.perf_counter() - started
    after = take_ledger(own=own)
    moved = tuple(place for place in compare(before, after) if abs(place.change or 0) >= LEAST // 16)
    return Experiment(name, seconds, before.rss, after.rss, moved, note)


def give_back() -> str:
    """Have malloc give its free pages back to the system."""
    given = allocators.trim()
    return "this malloc cannot give pages back on request" if given < 0 else ""


def _notes(now: Ledger) -> tuple[str, ...]:
    notes = []
    if now.small is None:
        notes.append("Python's own allocator is off or silent: small objects are malloc's")
    if now.in_use is None:
        notes.append(
            f"{now.allocator or 'this malloc'} does not report what is in use: the C heap is in 'other'"
        )
    if now.files is None:
        notes.append("this system does not tell what the pages are mapped from")
    return tuple(notes)

"""What the process's resident pages are mapped from, as Linux tells; knows no allocator and no object."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

SMAPS = "/proc/self/smaps"
TASKS = "/proc/self/task"
# glibc's further arenas begin at multiples of this (HEAP_MAX_SIZE of malloc/arena.c), reserved to their end.
HEAP = 64 << 20
HEADER = compile_apart(rb"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)")
STACK_NAMES = (b"[stack", b"[anon: glibc: pthread stack", b"[anon:stack")
MOST_THREADS = 500


@dataclass(frozen=True, slots=True)
class Mappings:
    """Resident bytes by what they are mapped from; together they are the RSS.

    `files` are code, libraries' data, mapped files and shared memory; `malloc` the areas that glibc's malloc
    takes its small blocks from; `anonymous` all the rest: Python's arenas, big blocks, what C code maps.
    `swapped` bytes are in none of them.
    """

    files: int
    stacks: int
    malloc: int
    anonymous: int
    swapped: int

    @property
    def rss(self) -> int:
        """The resident bytes of the process."""
        return self.files + self.stacks + self.malloc + self.anonymous


def read_mappings() -> Mappings | None:
    """Ask the kernel; None where it does not tell. O(mappings), and a page table walk in the kernel."""
    try:
        with open(SMAPS, "rb") as lines:  # noqa: PTH123 - pathlib is not loaded for it
            return sort_mappings(lines, stack_pointers())
    except OSError:
        return None


def sort_mappings(lines: Iterable[bytes], pointers: Collection[int] = ()) -> Mappings:
    """Add up the lines of `smaps`; a mapping with one of the stack pointers is a stack. O(lines)."""
    found, swapped = list(_split(lines)), 0
    sums = dict.fromkeys(("files", "stacks", "malloc", "anonymous"), 0)
    for each, after in zip(found, [*found[1:], _Mapping(0, 0, b"", b"")], strict=True):
        if each.name.startswith(STACK_NAMES) or any(each.start <= at < each.end for at in pointers):
            kind = "stacks"
        elif each.name == b"[heap]" or each.name.startswith(b"[anon: glibc: malloc"):
            kind = "malloc"
        elif each.name and not each.name.startswith(b"[anon"):
            kind = "files"
        else:
            kind = "malloc" if _is_arena(each, after) else "anonymous"
        sums[kind] += each.resident
        swapped += each.swapped
    return Mappings(swapped=swapped, **sums)


@dataclass(slots=True)
class _Mapping:
    """One mapping: its addresses, permissions and name, and bytes."""

    start: int
    end: int
    permissions: bytes
    name: bytes
    resident: int = 0
    swapped: int = 0


def _split(lines: Iterable[bytes]) -> Iterator[_Mapping]:
    mapping = None
    for line in lines:
        if line.startswith(b"Rss:") and mapping:
            mapping.resident = 1024 * int(line.split()[1])
        elif line.startswith(b"Swap:") and mapping:
            mapping.swapped = 1024 * int(line.split()[1])
        elif line[:1].isupper():
            continue
        elif header := HEADER.match(line):
            if mapping:
                yield mapping
            mapping = _Mapping(int(header[1], 16), int(header[2], 16), header[3], header[4])
    if mapping:
        yield mapping


def _is_arena(mapping: _Mapping, after: _Mapping) -> bool:
    """Tell a further arena of glibc's malloc: from a multiple of 64 MiB up to one, its end only reserved."""
    if mapping.start % HEAP or not mapping.permissions.startswith(b"rw"):
        return False
    reserved = after.start == mapping.end and after.permissions.startswith(b"---") and not after.end % HEAP
    return reserved or not mapping.end % HEAP


def stack_pointers() -> list[int]:
    """Return where the threads' stacks are, of those that wait in the kernel. O(threads)."""
    found = []
    for thread in os.listdir(TASKS)[:MOST_THREADS]:  # noqa: PTH208 - pathlib is not loaded for it
        try:
            with open(f"{TASKS}/{thread}/syscall", "rb") as file:  # noqa: PTH123
                words = file.read().split()
        except OSError:
            continue
        if len(words) > 1:
            found.append(int(words[-2], 16))
    return found

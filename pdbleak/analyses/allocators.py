"""What Python's allocator and malloc have in use and keep free, from their own reports; knows no object."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pdbleak._native import allocators
from pdbleak.patterns import compile_apart

ARENAS = compile_apart(r"^(\d+) arenas \* (\d+) bytes/arena", re.MULTILINE)
IN_BLOCKS = compile_apart(r"^# bytes in allocated blocks += +([\d,]+)", re.MULTILINE)
TOTAL = compile_apart(r"<(?:total|system) type=\"(\w+)\"(?: count=\"\d+\")? size=\"(\d+)\"/>")
LIBC = compile_apart(r"(?:^|/)(?:libc|ld-linux)[-.]")


@dataclass(frozen=True, slots=True)
class Arenas:
    """Python's own allocator (pymalloc), which serves what has at most 512 bytes: bytes in use, and of holes.

    Holes are what its arenas take and no object uses; an arena goes back to the system when it is empty.
    """

    used: int
    holes: int


@dataclass(frozen=True, slots=True)
class Malloc:
    """The C library's malloc: bytes in use in its arenas, bytes mapped alone, free bytes, how many arenas."""

    used: int
    mapped: int
    free: int
    arenas: int


def read_arenas() -> Arenas | None:
    """Ask Python's allocator; None where it is not in use (PYTHONMALLOC) or says nothing."""
    return parse_arenas(allocators.report_python())


def read_malloc() -> Malloc | None:
    """Ask glibc's malloc; None where malloc is another's."""
    return parse_malloc(allocators.report_malloc())


def malloc_name() -> str:
    """Return which malloc it is: `malloc`, the file of one put before it, or an empty text if unknown."""
    file = allocators.malloc_file()
    return "malloc" if LIBC.search(file) else file.rpartition("/")[2]


def parse_arenas(report: str) -> Arenas | None:
    """Read the report of `sys._debugmallocstats` (CPython's Objects/obmalloc.c)."""
    arenas, used = ARENAS.search(report), IN_BLOCKS.search(report)
    if arenas is None or used is None:
        return None
    in_use = int(used[1].replace(",", ""))
    return Arenas(used=in_use, holes=int(arenas[1]) * int(arenas[2]) - in_use)


def parse_malloc(report: str) -> Malloc | None:
    """Read the XML of `malloc_info` (glibc's malloc/malloc.c): the totals after the last arena."""
    arenas, _, totals = report.rpartition("</heap>")
    found = {kind: int(size) for kind, size in TOTAL.findall(totals)}
    if not {"fast", "rest", "mmap", "current"} <= found.keys():
        return None
    free = found["fast"] + found["rest"]
    return Malloc(
        used=found["current"] - free, mapped=found["mmap"], free=free, arenas=arenas.count("<heap nr=")
    )

"""How much memory the process may still take: its container, its own limits, the machine; knows no object."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CGROUPS = "sys/fs/cgroup"
# Version 1 says 2**63 less a page for "no limit".
NO_LIMIT = 1 << 60
# The peak of a capture, measured on heaps of seven shapes: per block of Python's allocator 33 to 45 bytes,
# and a table for each mebibyte that objects are spread over.
BYTES_PER_BLOCK = 48
SPREAD = 24
ADDRESS_SPACE = b"Max address space"
DATA = b"Max data size"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit on memory: what sets it, its bytes, and how many of them are left to this process."""

    name: str
    limit: int
    left: int


def read_limits(root: str = "/") -> tuple[Limit, ...]:
    """Return the limits that hold for this process, the tightest first; none where the system tells none.

    A container's page cache that can be dropped counts as left, as the kernel drops it first
    (https://docs.kernel.org/admin-guide/cgroup-v2.html).
    """
    found = [*_containers(root), *_own(root), *_machine(root)]
    return tuple(sorted(found, key=lambda limit: limit.left))


def estimate_capture(root: str = "/") -> int:
    """Estimate the bytes that a capture takes at its peak. O(pools of 16 KiB), no object is looked at."""
    resident = int((_read(root, "proc/self/statm").split() or [b"0", b"0"])[1])
    return BYTES_PER_BLOCK * sys.getallocatedblocks() + resident * os.sysconf("SC_PAGESIZE") // SPREAD


def _containers(root: str) -> Iterator[Limit]:
    """Yield the container's limit: the tightest of the control group's and those above it."""
    for line in _read(root, "proc/self/cgroup").splitlines():
        number, kinds, path = line.split(b":", 2)
        if number == b"0" and not kinds:
            files = ("memory.max", "memory.current", b"inactive_file")
            bases: tuple[str, ...] = ("", "/unified")
        elif b"memory" in kinds.split(b","):
            files = ("memory.limit_in_bytes", "memory.usage_in_bytes", b"total_inactive_file")
            bases = ("/memory",)
        else:
            continue
        # In a container the path may be the host's: then only the top is there.
        folders = [part for part in os.fsdecode(path).split("/") if part not in ("", "..")]
        groups = ["/".join(("", *folders[:depth])) for depth in range(len(folders), -1, -1)]
        limits = [
            _group(root, f"{CGROUPS}{base}{group.rstrip('/')}", *files) for base in bases for group in groups
        ]
        yield from sorted(filter(None, limits), key=lambda limit: limit.left)[:1]


def _group(root: str, folder: str, most: str, now: str, droppable: bytes) -> Limit | None:
    limit, used = _number(_read(root, f"{folder}/{most}")), _number(_read(root, f"{folder}/{now}"))
    if limit is None or used is None or limit >= NO_LIMIT:
        return None
    words = _read(root, f"{folder}/memory.stat").split()
    cache = dict(zip(words[::2], words[1::2], strict=False)).get(droppable, b"0")
    return Limit(f"the container's {most}", limit, max(0, limit - used + min(used, _number(cache) or 0)))


def _own(root: str) -> Iterator[Limit]:
    """Yield RLIMIT_AS and RLIMIT_DATA where they are set."""
    pages = _read(root, "proc/self/statm").split()
    if len(pages) <= 5:  # noqa: PLR2004 - the sixth is data and stack
        return
    used = {ADDRESS_SPACE: int(pages[0]), DATA: int(pages[5])}
    names = {ADDRESS_SPACE: "RLIMIT_AS", DATA: "RLIMIT_DATA"}
    for line in _read(root, "proc/self/limits").splitlines():
        for kind, name in names.items():
            soft = _number(line[len(kind) :].split()[0]) if line.startswith(kind) else None
            if soft is not None:
                yield Limit(name, soft, max(0, soft - used[kind] * os.sysconf("SC_PAGESIZE")))


def _machine(root: str) -> Iterator[Limit]:
    """Yield the machine's memory; what is left is MemAvailable."""
    values = {}
    for line in _read(root, "proc/meminfo").splitlines():
        name, _, value = line.partition(b":")
        values[name] = value.split()[:1]
    if values.get(b"MemTotal") and values.get(b"MemAvailable"):
        yield Limit("the machine", 1024 * int(values[b"MemTotal"][0]), 1024 * int(values[b"MemAvailable"][0]))


def _number(text: bytes) -> int | None:
    text = text.strip()
    return int(text) if text.isdigit() else None


def _read(root: str, path: str) -> bytes:
    """Return a file's bytes, none where it cannot be read."""
    try:
        with open(os.path.join(root, path), "rb") as file:  # noqa: PTH118, PTH123 - pathlib is not loaded for it
            return file.read()
    except OSError:
        return b""

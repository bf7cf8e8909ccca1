"""Where a library's functions are in the memory of another process, read from there; changes nothing.

The library's own file is not needed: it may be in a container, or deleted by an upgrade. A debugger that is
told the addresses reads no symbols while the process stands still for it, which would take most of its time.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# ELF, 64 bits, of this byte order.
MAGIC = b"\x7fELF\x02"
LOADED, DYNAMIC = 1, 2
# Tags of the dynamic section.
HASH, STRINGS, SYMBOLS, STRINGS_SIZE, GNU_HASH = 4, 5, 6, 10, 0x6FFFFEF5
SYMBOL = struct.Struct("<IBBHQQ")
MOST = 1 << 20


def mapped(maps: str) -> Iterator[tuple[str, int]]:
    """Yield the files that are mapped from their beginning, and where, from /proc/PID/maps."""
    for match in re.finditer(r"^([0-9a-f]+)-\S+ \S+ 0+ \S+ \d+ +(/.*)$", maps, re.MULTILINE):
        yield match[2].removesuffix(" (deleted)"), int(match[1], 16)


def addresses(process: int, base: int, names: Collection[str]) -> dict[str, int]:
    """Return the addresses of those functions that the library or program mapped at `base` exports.

    Raises OSError where the process's memory may not be read. O(exported symbols).
    """
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        try:
            return exported(memory, base, names)
        except (struct.error, OverflowError):
            return {}


def exported(memory: BinaryIO, base: int, names: Collection[str]) -> dict[str, int]:
    """Return the addresses by the tables that the dynamic linker uses. Raises struct.error for odd ones."""
    head = read(memory, base, 64)
    if not head.startswith(MAGIC):
        return {}
    at, size, count = *struct.unpack_from("<Q", head, 32), *struct.unpack_from("<HH", head, 54)
    segments = [struct.unpack_from("<IIQQQQQQ", read(memory, base + at + n * size, 56)) for n in range(count)]
    shift = base - min((each[3] for each in segments if each[0] == LOADED), default=0) // 4096 * 4096
    tags: dict[int, int] = {}
    for kind, _, _, start, _, _, length, _ in segments:
        if kind == DYNAMIC:
            tags |= dict(struct.iter_unpack("<qQ", read(memory, start + shift, length // 16 * 16)))
    if not tags.keys() >= {STRINGS, SYMBOLS, STRINGS_SIZE}:
        return {}
    # glibc has added the shift in place already, musl has not.
    places = {tag: value if value >= base else value + shift for tag, value in tags.items()}
    texts = read(memory, places[STRINGS], tags[STRINGS_SIZE])
    table = read(memory, places[SYMBOLS], symbol_count(memory, places) * SYMBOL.size)
    wanted = {name.encode() for name in names}
    found = {}
    for name, _, _, section, value, _ in SYMBOL.iter_unpack(table):
        text = texts[name : texts.find(b"\0", name)]
        if section and text in wanted:
            found[text.decode()] = value + shift
    return found


def symbol_count(memory: BinaryIO, places: dict[int, int]) -> int:
    """Return how many symbols there are, which only the hash tables tell."""
    if HASH in places:
        return int(struct.unpack("<II", read(memory, places[HASH], 8))[1])
    if GNU_HASH not in places:
        return 0
    at = places[GNU_HASH]
    buckets, first, bloom, _ = struct.unpack("<4I", read(memory, at, 16))
    at += 16 + bloom * 8
    last = max(struct.unpack(f"<{buckets}I", read(memory, at, buckets * 4)), default=0)
    if last < first:
        return int(first)
    at += buckets * 4 + (last - first) * 4
    # The chain of the last bucket ends where the lowest bit is set.
    while not read(memory, at, 1)[0] & 1:
        last += 1
        at += 4
    return int(last) + 1


def read(memory: BinaryIO, address: int, size: int) -> bytes:
    """Return bytes of the process's memory. Raises OSError, struct.error."""
    if size > MOST * SYMBOL.size:
        raise struct.error("a table that cannot be")
    memory.seek(address)
    return memory.read(size)

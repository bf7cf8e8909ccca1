"""The file: named columns in checked blocks, and a directory at the end; knows no heap.

docs/file-format.md describes it. Everything that is read is checked before it is believed: lengths against
the file's own, checksums, and what a block may become when it is unpacked.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import IO, TYPE_CHECKING, Any

from pdbleak._native.columns import Filling, pack
from pdbleak._native.ints import from_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pdbleak._native.algorithms import Array
    from pdbleak._native.ints import Ints

MAGIC = b"\x89pdbleak\r\n\x1a\n"
# 2: with marks, and which process it was.
FORMAT = 2
HEAD = struct.Struct("<12sI")
BLOCK = struct.Struct("<III")
TAIL = struct.Struct("<QIII8s")
END = b"leak.end"
BLOCK_BYTES = 1 << 22
MOST_DIRECTORY = 1 << 20
# Of JSON every few bytes become an object: these many stay below a gigabyte.
MOST_JSON = 1 << 26
MOST_LISTS = 1 << 22
# zlib cannot pack more tightly than about 1,032 to 1: a file that says so is lying.
MOST_RATIO = 1100


class BadFileError(Exception):
    """A file that is no saved heap, or a damaged one, in one line."""


class Writer:
    """A file that is being written: columns one after the other, then the directory."""

    def __init__(self, file: IO[bytes], *, tell: Callable[[int], None] = lambda _: None) -> None:
        """Begin a file; `tell` is called with the bytes that a block had before it was packed."""
        self.file = file
        self.tell = tell
        self.columns: list[dict[str, Any]] = []
        self.position = file.write(HEAD.pack(MAGIC, FORMAT))

    def add(self, name: str, values: Array, *, rising: bool = False) -> None:
        """Write an array as a column; one that mostly rises is written as its differences."""
        view = memoryview(values)
        width, count = view.itemsize, len(view)
        data = view.cast("B") if count else memoryview(b"")
        at, blocks = self.position, 0
        step = BLOCK_BYTES // width
        for start in range(0, count, step):
            raw = pack(data, width, start, min(start + step, count), rising)
            packed = zlib.compress(raw, 1)
            lengths = struct.pack("<II", len(raw), len(packed))
            check = zlib.crc32(packed, zlib.crc32(lengths))
            self.position += self.file.write(lengths + struct.pack("<I", check))
            self.position += self.file.write(packed)
            blocks += 1
            self.tell(len(raw))
        about = {"name": name, "width": width, "count": count, "rising": rising, "at": at, "blocks": blocks}
        self.columns.append(about)

    def add_json(self, name: str, value: Any) -> None:
        """Write a value as a column of the bytes of its JSON."""
        self.add(name, json.dumps(value, separators=(",", ":")).encode("ascii"))

    def add_texts(self, name: str, texts: Sequence[str]) -> None:
        """Write texts as two columns: all of them together, and where each ends."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        ends = []
        end = 0
        for text in encoded:
            end += len(text)
            ends.append(end)
        self.add(f"{name}_ends", from_values(ends, 8), rising=True)
        self.add(f"{name}_texts", b"".join(encoded))

    def end(self, facts: Mapping[str, Any]) -> None:
        """Write the directory, with some facts about all."""
        directory = json.dumps({**facts, "columns": self.columns}, separators=(",", ":")).encode("ascii")
        packed = zlib.compress(directory, 6)
        self.file.write(packed)
        tail = TAIL.pack(self.position, len(packed), len(directory), zlib.crc32(packed), END)
        self.file.write(tail)


class Reader:
    """A file that is being read; `facts` are its directory's."""

    def __init__(self, data: memoryview) -> None:
        """Read the directory; BadFileError where it cannot be one."""
        self.data = data
        if len(data) < HEAD.size or bytes(data[: len(MAGIC)]) != MAGIC:
            raise BadFileError("it is no saved heap")
        version = HEAD.unpack_from(data)[1]
        if version > FORMAT:
            raise BadFileError(f"its format {version} is newer than this pdbleak, which reads {FORMAT}")
        if version < 1 or len(data) < HEAD.size + TAIL.size:
            raise BadFileError("it is damaged")
        at, packed_size, size, check, end = TAIL.unpack_from(data, len(data) - TAIL.size)
        if end != END or at + packed_size + TAIL.size != len(data) or size > MOST_DIRECTORY or at < HEAD.size:
            raise BadFileError("it is cut short or damaged")
        packed = data[at : at + packed_size]
        if zlib.crc32(packed) != check:
            raise BadFileError("its directory is damaged")
        self.end = at
        facts = parse(unpacked(packed, size))
        self.columns = _columns(facts)
        self.facts: dict[str, Any] = facts
        if sum(c["width"] * c["count"] for c in self.columns.values()) > MOST_RATIO * len(data):
            raise BadFileError("it claims to be bigger than it can be")

    def read(self, name: str, width: int, count: int | None = None) -> Ints:
        """Return a column of a width and, where given, a length; BadFileError where it is not so."""
        column = self.columns.get(name)
        if column is None or column["width"] != width or count not in (None, column["count"]):
            raise BadFileError(f"its column {name!r} is missing or of another shape")
        try:
            filling = Filling(column["count"], width, rising=column["rising"])
            at = column["at"]
            for _ in range(column["blocks"]):
                if at + BLOCK.size > self.end:
                    raise BadFileError(f"its column {name!r} is cut short")
                size, packed_size, check = BLOCK.unpack_from(self.data, at)
                packed = self.data[at + BLOCK.size : at + BLOCK.size + packed_size]
                lengths = self.data[at : at + 8]
                if (
                    size > BLOCK_BYTES
                    or len(packed) != packed_size
                    or zlib.crc32(packed, zlib.crc32(lengths)) != check
                ):
                    raise BadFileError(f"its column {name!r} is damaged")
                filling.add(unpacked(packed, size))
                at += BLOCK.size + packed_size
            return filling.done()
        except ValueError as error:
            raise BadFileError(f"its column {name!r} has {error}") from None

    def read_json(self, name: str) -> Any:
        """Return the value of a JSON column."""
        column = self.columns.get(name)
        if column is not None and column["count"] > MOST_JSON:
            raise BadFileError(f"its column {name!r} is longer than any")
        return parse(bytes(memoryview(self.read(name, 1))))


def unpacked(packed: memoryview, size: int) -> bytes:
    """Return what was packed; BadFileError unless it is exactly so many bytes."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(packed, size + 1)
    except zlib.error:
        raise BadFileError("a block cannot be unpacked") from None
    if len(data) != size or stream.unconsumed_tail or not stream.eof or stream.unused_data:
        raise BadFileError("a block is not of its length")
    return data


def parse(text: bytes) -> Any:
    """Return the value of a JSON text."""
    if text.count(b"[") + text.count(b"{") > MOST_LISTS:
        raise BadFileError("a description has more in it than any")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadFileError("a description is no JSON") from None


def _columns(facts: Any) -> dict[str, dict[str, Any]]:
    """Return the columns by name, each with sane numbers."""
    columns = facts.get("columns") if isinstance(facts, dict) else None
    if not isinstance(columns, list):
        raise BadFileError("its directory is damaged")
    for column in columns:
        if not isinstance(column, dict) or not isinstance(column.get("name"), str):
            raise BadFileError("its directory is damaged")
        numbers = [column.get(key) for key in ("width", "count", "at", "blocks")]
        if not all(type(number) is int and 0 <= number < 1 << 40 for number in numbers):
            raise BadFileError("its directory is damaged")
        column["rising"] = column.get("rising") is True
    return {column["name"]: column for column in columns}

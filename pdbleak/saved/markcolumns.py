"""Marks as columns of a file, and back, each number checked; knows no heap."""

from __future__ import annotations

import math
from array import array
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from pdbleak._native.columns import all_below
from pdbleak._native.ints import from_values
from pdbleak.analyses.ledger import Ledger
from pdbleak.analyses.mark import TOP, Mark, MarkRows, TypeColumns
from pdbleak.saved.container import BadFileError
from pdbleak.saved.reading import read_texts
from pdbleak.saved.recall import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.saved.container import Reader, Writer

# A session keeps twelve marks, with some thousands of rows each.
MOST_MARKS = 100
MOST_ROWS = 1 << 22
NO_ROW = 0xFFFFFFFF
NUMBERS = ("count", "size", "references", "fingerprint")
COUNTED = ("objects", "size", "rest_count", "rest_size", "floor_count", "floor_size")
SECONDS = ("taken", "clock", "pause", "cost", "ran")
ALWAYS = ("rss", "own", "swapped", "arenas")


def write_marks(out: Writer, marks: Sequence[Mark]) -> None:
    """Write marks: their rows as columns one behind the other, their texts once, the rest as JSON."""
    texts: dict[str, int] = {}
    rows = [mark.rows for mark in marks]

    def numbers(name: str) -> list[int]:
        return [texts.setdefault(each, len(texts)) for one in rows for each in getattr(one, name)]

    out.add("mark_above", from_values([NO_ROW if up == TOP else up for one in rows for up in one.above], 4))
    out.add("mark_reference", from_values(numbers("reference"), 4))
    out.add("mark_type", from_values(numbers("type"), 4))
    for name in NUMBERS:
        out.add(f"mark_{name}", _joined([getattr(one, name) for one in rows]))
    out.add("mark_ends", _joined([one.ends for one in rows]))
    out.add("mark_traits", b"".join(one.traits for one in rows))
    out.add_texts("mark_text", list(texts))
    out.add_json("marks", [_facts(mark) for mark in marks])


def _joined(columns: Sequence[array[int]]) -> memoryview:
    joined = array("Q")
    for each in columns:
        joined.extend(each)
    return memoryview(joined)


def _facts(mark: Mark) -> dict[str, Any]:
    plain = {name: getattr(mark, name) for name in ("name", *COUNTED, *SECONDS)}
    types = {
        name: [kept.names, list(kept.counts), list(kept.sizes)]
        for name, kept in (("living", mark.living), ("dead", mark.dead))
    }
    shape = {"rows": len(mark.rows), "ends": len(mark.rows.ends)}
    return {**plain, **types, **shape, "ledger": asdict(mark.ledger)}


def read_marks(reader: Reader) -> tuple[Mark, ...]:
    """Return the marks of a file, oldest first; none where it has none. Raises BadFileError. O(rows)."""
    if "marks" not in reader.columns:
        return ()
    facts = reader.read_json("marks")
    _check(isinstance(facts, list) and len(facts) <= MOST_MARKS)
    _check(all(isinstance(each, dict) for each in facts))
    lengths = [(_whole(each.get("rows")), _whole(each.get("ends"))) for each in facts]
    rows, ends = sum(each for each, _ in lengths), sum(each for _, each in lengths)
    _check(rows <= MOST_ROWS and all(some in (0, 2 * each) for each, some in lengths))
    texts = [harmless(text) for text in read_texts(reader, "mark_text", most=2 * MOST_ROWS)]
    columns: dict[str, Any] = {
        name: memoryview(reader.read(f"mark_{name}", 4, rows)) for name in ("above", "reference", "type")
    }
    _check(all_below(columns["reference"], len(texts)) and all_below(columns["type"], len(texts)))
    columns |= {name: memoryview(reader.read(f"mark_{name}", 8, rows)) for name in NUMBERS}
    columns["traits"] = memoryview(reader.read("mark_traits", 1, rows))
    columns["ends"] = memoryview(reader.read("mark_ends", 8, ends))
    found = []
    row = end = 0
    for each, (many, some) in zip(facts, lengths, strict=True):
        part = {name: column[row : row + many] for name, column in columns.items() if name != "ends"}
        found.append(_mark(each, _rows(part, columns["ends"][end : end + some], texts)))
        row, end = row + many, end + some
    return tuple(sorted(found, key=lambda mark: mark.taken))


def _rows(part: dict[str, Any], ends: memoryview, texts: list[str]) -> MarkRows:
    above = [TOP if up == NO_ROW else up for up in part["above"]]
    # Whoever goes up a path must come to its root.
    _check(all(up < row for row, up in enumerate(above)))
    return MarkRows(
        above=array("i", above),
        reference=tuple(texts[each] for each in part["reference"]),
        type=tuple(texts[each] for each in part["type"]),
        **{name: _array(part[name]) for name in NUMBERS},
        traits=bytes(part["traits"]),
        ends=_array(ends),
    )


def _array(column: memoryview) -> array[int]:
    made = array("Q")
    made.frombytes(bytes(column))
    return made


def _mark(facts: dict[str, Any], rows: MarkRows) -> Mark:
    name = facts.get("name")
    _check(type(name) is str and 0 < len(name) <= 40)  # noqa: PLR2004 - as `leak mark` has it
    numbers: dict[str, Any] = {each: _seconds(facts.get(each)) for each in SECONDS}
    numbers |= {each: _whole(facts.get(each)) for each in COUNTED}
    return Mark(
        name=harmless(str(name)),
        **numbers,
        living=_types(facts.get("living")),
        dead=_types(facts.get("dead")),
        ledger=_ledger(facts.get("ledger")),
        rows=rows,
    )


def _types(columns: Any) -> TypeColumns:
    _check(isinstance(columns, list) and len(columns) == 3)  # noqa: PLR2004 - names, counts, sizes
    _check(all(isinstance(each, list) and len(each) == len(columns[0]) for each in columns))
    _check(all(type(name) is str for name in columns[0]))
    names = tuple(map(harmless, columns[0]))
    _check(len(set(names)) == len(names))
    return TypeColumns(names, *(array("Q", map(_whole, each)) for each in columns[1:]))


def _ledger(facts: Any) -> Ledger:
    names = {each.name for each in fields(Ledger)}
    _check(isinstance(facts, dict) and facts.keys() == names)
    allocator = facts["allocator"]
    _check(type(allocator) is str)
    told = {name: facts[name] for name in names - {"allocator", "taken"}}
    _check(all(told[name] is not None for name in ALWAYS))
    sizes = {name: None if size is None else _whole(size) for name, size in told.items()}
    return Ledger(taken=_seconds(facts["taken"]), allocator=harmless(allocator)[:40], **sizes)  # type: ignore[arg-type]


def _whole(number: Any) -> int:
    _check(type(number) is int and 0 <= number < 1 << 63)
    return int(number)


def _seconds(number: Any) -> float:
    _check(type(number) in (int, float) and math.isfinite(number) and abs(number) < 1 << 40)
    return float(number)


def _check(holds: bool) -> None:  # noqa: FBT001
    if not holds:
        raise BadFileError("it has a mark that is none")

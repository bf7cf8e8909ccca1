"""What waits as columns of a file, and back, each number checked; knows no live object."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from pdbleak._native.columns import all_below
from pdbleak._native.ints import from_values
from pdbleak.analyses.waits import Running, Suspended, Waits, Where
from pdbleak.saved.container import BadFileError
from pdbleak.saved.recall import harmless

if TYPE_CHECKING:
    from pdbleak.saved.container import Reader, Writer


def write_waits(out: Writer, waits: Waits, *, redact: bool) -> None:
    """Write what waits: its nodes as columns one behind the other, the places as JSON.

    With `redact` threads have no names: a program may put values into them.
    """
    groups = waits.suspended.values()
    out.add("wait_nodes", from_values([node for each in groups for node in each.nodes], 4))
    out.add("wait_owners", from_values([node for each in groups for node in each.owners], 4))
    out.add("wait_numbers", from_values([number for each in groups for number in each.numbers], 8))
    out.add_json(
        "waits",
        [[*where, len(each.nodes), len(each.numbers)] for where, each in waits.suspended.items()],
    )
    out.add_json(
        "threads",
        [[each.ident, "" if redact else each.name, each.node, *each.where] for each in waits.threads],
    )


def read_waits(reader: Reader, nodes: int) -> Waits | None:
    """Return what waited, None for a file that does not tell; BadFileError where it makes no sense."""
    if "waits" not in reader.columns:
        return None
    held = memoryview(reader.read("wait_nodes", 4))
    owners = memoryview(reader.read("wait_owners", 4, len(held)))
    numbers = memoryview(reader.read("wait_numbers", 8))
    _check(all_below(held, nodes) and all_below(owners, nodes))
    rest, owning, numbering = iter(held), iter(owners), iter(numbers)
    suspended: dict[Where, Suspended] = {}
    for row in _rows(reader, "waits", [str] * len(Where._fields) + [int, int]):
        *where, count, numbered = row
        _check(0 <= count <= len(held) and 0 <= numbered <= count)
        group = Suspended(
            list(islice(rest, count)), list(islice(owning, count)), list(islice(numbering, numbered))
        )
        _check(len(group.nodes) == count and len(group.numbers) == numbered)
        suspended[Where(*map(harmless, where))] = group
    _check(next(rest, None) is None and next(numbering, None) is None)
    threads = []
    for ident, name, node, *where in _rows(reader, "threads", [int, str, int] + [str] * len(Where._fields)):
        _check(-1 <= node < nodes)
        named = harmless(name) or f"thread {ident:#x}"
        threads.append(Running(ident, named, node, Where(*map(harmless, where))))
    return Waits(suspended, tuple(threads))


def without_names(waits: Waits | None) -> Waits | None:
    """Return what waits with no thread's name."""
    if waits is None:
        return None
    return Waits(
        waits.suspended,
        tuple(
            Running(each.ident, f"thread {each.ident:#x}", each.node, each.where) for each in waits.threads
        ),
    )


def _rows(reader: Reader, name: str, kinds: list[type]) -> list[list[Any]]:
    rows: list[list[Any]] = reader.read_json(name)
    _check(isinstance(rows, list))
    for row in rows:
        _check(isinstance(row, list) and [type(each) for each in row] == kinds)
    return rows


def _check(holds: bool) -> None:  # noqa: FBT001 - reads as an assertion
    if not holds:
        raise BadFileError("it has something that waits and is none")

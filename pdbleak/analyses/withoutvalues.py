"""A mark without the program's values: keys are told by their type only; knows no file."""

from __future__ import annotations

import re
from array import array
from dataclasses import replace

from pdbleak.analyses.mark import TOP, Mark, MarkRows
from pdbleak.analyses.pathnames import TO_NAMESPACE, generalise
from pdbleak.patterns import compile_apart

_IDENTIFIER = compile_apart(r"\['[^\W\d]\w*'\]")
_IN_BRACKETS = compile_apart(r"\[(?!\*\]).*\]", re.DOTALL)


def without_values(mark: Mark) -> Mark:
    """Return a mark whose rows name no key; rows that are told apart by one are added up. O(rows).

    What stays are names that the program's text has: of modules, types, attributes and local variables.
    """
    rows = mark.rows
    number_of: list[int] = []
    known: dict[tuple[int, str, str], int] = {}
    columns = {name: array("Q") for name in ("count", "size", "references", "fingerprint", "ends")}
    traits = bytearray()
    for row in range(len(rows)):
        above = rows.above[row] if rows.above[row] == TOP else number_of[rows.above[row]]
        key = above, _without_key(rows, row), rows.type[row]
        number = known.setdefault(key, len(known))
        number_of.append(number)
        if number == len(traits):
            traits.append(0)
            columns["ends"].extend(rows.ends[2 * row : 2 * row + 2])
            for name in ("count", "size", "references", "fingerprint"):
                columns[name].append(0)
        elif rows.ends:
            columns["ends"][2 * number + 1] = rows.ends[2 * row + 1]
        for name in ("count", "size", "references"):
            columns[name][number] += getattr(rows, name)[row]
        columns["fingerprint"][number] = (
            columns["fingerprint"][number] + rows.fingerprint[row] & 0xFFFFFFFFFFFFFFFF
        )
        traits[number] |= rows.traits[row]
    merged = MarkRows(
        array("i", [over for over, _, _ in known]),
        tuple(name for _, name, _ in known),
        tuple(kind for _, _, kind in known),
        **columns,
        traits=bytes(traits),
    )
    return replace(mark, rows=merged)


def _without_key(rows: MarkRows, row: int) -> str:
    """Return the name of a row's reference without a key that it may have, but for names in namespaces."""
    name, above = rows.reference[row], rows.above[row]
    if above == TOP or (rows.reference[above] == TO_NAMESPACE and _IDENTIFIER.fullmatch(name)):
        return name
    return _IN_BRACKETS.sub("[*]", generalise(name, rows.type[above]))

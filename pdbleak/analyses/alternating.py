"""One path under several names: a key by itself or one of many, known or not; knows no heap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.pathnames import UNKNOWN
from pdbleak.analyses.steadynames import general_step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.series import Line

# `local 'x' of main()` is a reference from a coroutine; with a place it is a root.
LOCAL, AT = "local '", " at "
COLUMNS = ("count", "size", "references", "fingerprint")
EVERY_BIT = 0xFFFFFFFFFFFFFFFF


def join_alternating(lines: Sequence[Line], seen: Sequence[list[bool]]) -> None:
    """Join the lines below one parent that are one path: `['new']`, and `{str}` once the dict has many keys.

    They are if either is there in a mark without the other. `seen` tells for each line in which marks it is.
    A line that was joined into another stays, empty. O(lines).
    """
    for line in list(lines):
        alike: dict[tuple[str, str], list[int]] = {}
        for child in line.children:
            general = general_step(lines[child].reference, line.type)
            alike.setdefault((general, lines[child].type), []).append(child)
        for (general, _), children in alike.items():
            whole = next((each for each in children if lines[each].reference == general), None)
            if whole is None or len(children) == 1:
                continue
            parts = [each for each in children if each != whole and _alternate(seen[each], seen[whole])]
            for part in parts:
                whole = _join(lines, seen, whole, part)
                lines[whole].reference = general


def join_unknown(lines: Sequence[Line], seen: Sequence[list[bool]]) -> None:
    """Join what had no name in some marks with the reference beside it that has one in the others. O(lines).

    Between a capture and the look for its names, another thread has put another object there.
    """
    for line in list(lines):
        nameless = [each for each in line.children if lines[each].reference == UNKNOWN]
        for child in nameless:
            others = [
                each
                for each in line.children
                if each != child
                and lines[each].type == lines[child].type
                and _alternate(seen[each], seen[child])
                and not any(map(all, zip(seen[each], seen[child], strict=True)))
            ]
            if len(others) == 1:
                name = lines[others[0]].reference
                lines[_join(lines, seen, child, others[0])].reference = name


def join_running(lines: Sequence[Line], seen: Sequence[list[bool]]) -> None:
    """Join a variable of a coroutine with the same one while that runs: it is a root then. O(lines)."""
    suspended: dict[tuple[str, str], list[int]] = {}
    for number, line in enumerate(lines):
        if line.above >= 0 and line.reference.startswith(LOCAL):
            suspended.setdefault((line.reference, line.type), []).append(number)
    for number, line in enumerate(lines):
        variable, at, _ = line.reference.partition(AT)
        others = suspended.get((variable, line.type), ()) if line.above < 0 and at else ()
        other = next((each for each in others if _alternate(seen[number], seen[each])), None)
        if other is not None:
            _join(lines, seen, number, other)


def _alternate(one: Sequence[bool], other: Sequence[bool]) -> bool:
    """Tell whether each is there once without the other."""
    pairs = list(zip(one, other, strict=True))
    return (True, False) in pairs and (False, True) in pairs


def _join(lines: Sequence[Line], seen: Sequence[list[bool]], one: int, other: int) -> int:
    """Join two lines of one parent with all below them into the first one; return it.

    The one with the smaller number stays: a line stands behind the one above it.
    """
    stays, goes = sorted((one, other))
    kept, gone = lines[stays], lines[goes]
    for name in COLUMNS:
        mine, theirs = getattr(kept, name), getattr(gone, name)
        mine[:] = [(a + b) & EVERY_BIT for a, b in zip(mine, theirs, strict=True)]
        theirs[:] = [0] * len(theirs)
    kept.ends[:] = [mine if any(mine) else theirs for mine, theirs in zip(kept.ends, gone.ends, strict=True)]
    seen[stays][:] = [a or b for a, b in zip(seen[stays], seen[goes], strict=True)]
    seen[goes][:] = [False] * len(seen[goes])
    kept.traits |= gone.traits
    kept.row = max(kept.row, gone.row)
    if gone.above >= 0:
        lines[gone.above].children.remove(goes)
    below = {(lines[each].reference, lines[each].type): each for each in kept.children}
    for child in gone.children:
        lines[child].above = stays
        twin = below.get((lines[child].reference, lines[child].type))
        kept.children.append(child)
        if twin is not None:
            _join(lines, seen, twin, child)
    gone.children.clear()
    return stays

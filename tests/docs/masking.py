"""What two runs of one session have in common; knows no terminal and no page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transcripts import ELIDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MASKS = (
    (re.compile(r"0x[0-9a-f]+"), "ADDRESS"),
    (re.compile(r"\d[\d,.]* (?:B|[KMGT]iB)\b"), "SIZE"),
    (re.compile(r"\d[\d,.]* (?:ns|µs|ms|s)\b"), "TIME"),
    (re.compile(r"\d[\d.]*%"), "SHARE"),
    (re.compile(r"process \d+|-\d+-\d+(?=\.svg)|(?<=\.)\d+(?=')"), "NUMBER"),
    (re.compile(r"(?<!\w)_\d+\b"), "HANDLE"),
    # The key may come a moment before the program waits, and where the library waits is the library's.
    (re.compile(r"^> /usr/lib/python\S*"), "> LIBRARY"),
    (re.compile(r"^(> \S+)\(\d+\)(?=\w+\(\)$)"), r"\1"),
    (re.compile(r"^-> .*"), "-> LINE"),
    (re.compile(r"(?<=\(\) at )(\S+\.py):\d+$"), r"\1"),
    (re.compile(r"\s+"), " "),
)
# Where only some words must come back: what depends on which object was picked, and on what else is alive.
LOOSE = (
    # A way round a cycle may begin anywhere on it.
    (re.compile(r"^(?:[╭╰] .*|│ [^│├└].*)"), "a step of a way round"),
    (re.compile(r"^[│├└─╭╰ ]+"), ""),
    (re.compile(r"…\S* .*|….*"), ""),
    (re.compile(r"\[(?:\d+|\*|'\w+')\]"), "[KEY]"),
    (re.compile(r"\b(number|name)=\S+?(?=>)"), r"\1=VALUE"),
    (re.compile(r"method (\w+)\.\w+ of"), r"method \1 of"),
    (re.compile(r" (?:seen above|depth limit)$|\xd7\d+|\d+(?= references from)"), ""),
)


def mask(line: str) -> str:
    """Return a line without what differs from run to run."""
    for pattern, shown in MASKS:
        line = pattern.sub(shown, line)
    return line.strip()


def loosen(line: str) -> str:
    """Return a masked line without what differs from pick to pick."""
    for pattern, shown in LOOSE:
        line = pattern.sub(shown, line)
    return line.strip()


def differences(documented: Sequence[str], replayed: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return the documented lines that did not come back, masked.

    With words, only lines in which one of them stands are compared, in any order; without, all are.
    A line that says what was left out stands for any lines.
    """
    if words:
        there = {loosen(mask(line)) for line in about(replayed, words)}
        return [line for line in map(loosen, map(mask, about(documented, words))) if line not in there]
    expected = [mask(line) for line in documented]
    found = [mask(line) for line in replayed]
    gap = next((number for number, line in enumerate(documented) if ELIDED.match(line)), None)
    if gap is not None:
        tail = len(expected) - gap - 1
        found = [*found[:gap], expected[gap], *found[len(found) - tail :]]
    if expected == found:
        return []
    return [line for line in expected if line not in found] or [f"order, or more: {line}" for line in found]


def about(lines: Iterable[str], words: Sequence[str]) -> list[str]:
    """Return the lines in which one of the words stands as a word."""
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
    return [line for line in lines if pattern.search(line)]
